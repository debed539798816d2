package ai.preceptor.teacher.served.http;

import ai.preceptor.teacher.chat.ChatReply;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a server sends. Nothing of it is trusted, and the key is removed from every text of it before it is
 * truncated or reported.
 */
public final class ReplyParser {
    private static final int KEPT = 1 << 16;
    private static final int DEPTH = 64;
    private static final int LONGEST_WORD = 64;

    /** More than any model reads or writes in a call. */
    private static final long MOST_TOKENS = 100_000_000;

    private static final JsonMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH)
                            .build())
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .build();

    private final ApiKey key;

    /** @param key what no text may hold */
    public ReplyParser(ApiKey key) {
        this.key = key;
    }

    /** Tokens as the server counted them. */
    public record Usage(long promptTokens, long completionTokens) {}

    /**
     * A body that was read.
     *
     * @param text what is kept of the one choice, or null if it is not what was asked for
     * @param finishReason the server's own word; may be empty
     * @param usage as the server counted, or null where it did not or cannot have
     * @param problem why there is no text, or empty
     * @param failure what that means for other calls
     */
    public record Parsed(
            @Nullable String text,
            String finishReason,
            @Nullable Usage usage,
            String problem,
            CallFailure failure) {}

    /**
     * What was found in a choice.
     *
     * @param text what is kept of it, or null if it is not what was asked for
     * @param problem why not, or empty
     * @param failure what that means for other calls
     */
    public record Reading(@Nullable String text, String problem, CallFailure failure) {
        /** What was asked for. */
        public static Reading of(String text) {
            return new Reading(text, "", CallFailure.MALFORMED);
        }

        /** Something else; it may come right another time. */
        public static Reading malformed(String problem) {
            return new Reading(null, problem, CallFailure.MALFORMED);
        }

        /** Something else, and so it will be with every call. */
        public static Reading denied(String problem) {
            return new Reading(null, problem, CallFailure.DENIED);
        }
    }

    /**
     * Reads the body of a success.
     *
     * @param choices reads the one choice, given its {@code finish_reason}
     */
    public Parsed success(Buffer body, BiFunction<JsonNode, String, Reading> choices) {
        JsonNode root = json(body);
        if (!root.isObject()) {
            return unusable(null, "expected a JSON object, found " + told(body));
        }
        Usage usage = usage(root);
        JsonNode list = root.path("choices");
        if (!list.isArray() || list.size() != 1) {
            return unusable(
                    usage,
                    "expected 1 choice, found " + (list.isArray() ? list.size() : "no list of them in " + told(body)));
        }
        JsonNode choice = list.get(0);
        String finish = key.hide(choice.path("finish_reason").asText(""));
        finish = finish.substring(0, Math.min(finish.length(), LONGEST_WORD));
        Reading read = choices.apply(choice, finish);
        String text = read.text() == null ? null : key.hide(read.text());
        return new Parsed(text, text == null ? "" : finish, usage, read.problem(), read.failure());
    }

    private static Parsed unusable(@Nullable Usage usage, String problem) {
        return new Parsed(null, "", usage, problem, CallFailure.MALFORMED);
    }

    /** Reads the body of a failure: the server's message if it is in OpenAI's form, else how it begins. */
    public Parsed failure(Buffer body) {
        JsonNode root = json(body);
        JsonNode message = root.path("error").path("message");
        return unusable(
                usage(root), message.isTextual() ? ChatReply.excerpt(key.hide(message.textValue())) : told(body));
    }

    /** The beginning of a body, for the ledger. */
    public String kept(Buffer body) {
        String text = key.hide(body.toString());
        return text.length() <= KEPT ? text : text.substring(0, KEPT);
    }

    /** Our message around a server's reply. */
    public String safe(String what) {
        return key.hide(what);
    }

    private String told(Buffer body) {
        return ChatReply.excerpt(key.hide(body.toString()));
    }

    /** The body as JSON, nested no deeper than a reply may be; missing where it is none. */
    public static JsonNode json(Buffer body) {
        try {
            JsonNode root = JSON.readTree(body.getBytes());
            return root == null ? MissingNode.getInstance() : root;
        } catch (IOException e) {
            return MissingNode.getInstance(); // then it is reported as text
        }
    }

    /** What was read was something; what was written may be nothing. */
    private static @Nullable Usage usage(JsonNode root) {
        JsonNode read = root.path("usage").path("prompt_tokens");
        JsonNode written = root.path("usage").path("completion_tokens");
        return isCount(read, 1) && isCount(written, 0) ? new Usage(read.longValue(), written.longValue()) : null;
    }

    private static boolean isCount(JsonNode node, long least) {
        return node.isIntegralNumber()
                && node.canConvertToLong()
                && node.longValue() >= least
                && node.longValue() <= MOST_TOKENS;
    }
}
