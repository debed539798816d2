package ai.preceptor.teacher.served;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** Reads what a server sends. Nothing of it is trusted. */
final class ReplyParser {
    private static final int EXCERPT = 160;
    private static final int DEPTH = 64;

    private static final JsonMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH)
                            .build())
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .build();

    private ReplyParser() {}

    /**
     * The one choice of a chat completion. Where the server has not counted tokens, the caller's guess stands.
     *
     * @throws CallException if it is anything else
     */
    static ChatReply reply(Buffer body, ChatRequest request) {
        JsonNode root = json(body);
        JsonNode choices = root.path("choices");
        if (!choices.isArray() || choices.size() != 1) {
            throw malformed("expected 1 choice, found "
                    + (choices.isArray() ? choices.size() : "no list of them in " + excerpt(root.toString())));
        }
        JsonNode choice = choices.get(0);
        JsonNode content = choice.path("message").path("content");
        if (!content.isTextual()) {
            throw malformed("expected choices[0].message.content to be text, found " + content.getNodeType());
        }
        JsonNode usage = root.path("usage");
        String text = content.textValue();
        return new ChatReply(
                text,
                choice.path("finish_reason").asText(""),
                count(usage, "prompt_tokens", request.promptTokens()),
                count(usage, "completion_tokens", request.sampling().maxTokens()));
    }

    private static long count(JsonNode usage, String key, long guess) {
        JsonNode count = usage.path(key);
        return count.isIntegralNumber() && count.longValue() >= 0 ? Math.min(count.longValue(), 1L << 40) : guess;
    }

    private static JsonNode json(Buffer body) {
        try {
            JsonNode root = JSON.readTree(body.getBytes());
            if (root == null || !root.isObject()) {
                throw malformed("expected a JSON object, found " + excerpt(body.toString()));
            }
            return root;
        } catch (IOException e) {
            throw malformed("expected JSON, found " + excerpt(body.toString()));
        }
    }

    private static CallException malformed(String what) {
        return new CallException(CallFailure.MALFORMED, "malformed answer: " + what);
    }

    /** What a server says of an error: its message if it is OpenAI's form, else how its body begins. */
    static String problem(Buffer body) {
        try {
            JsonNode root = JSON.readTree(body.getBytes());
            if (root != null && root.path("error").path("message").isTextual()) {
                return excerpt(root.path("error").path("message").textValue());
            }
        } catch (IOException e) {
            // then its words as they are
        }
        return excerpt(body.toString());
    }

    /** How a text begins, in one line without control characters. */
    static String excerpt(String text) {
        String line = text.substring(0, Math.min(text.length(), 2 * EXCERPT))
                .replaceAll("[\\p{Cntrl}\\s]+", " ")
                .strip();
        return line.length() <= EXCERPT ? "\"" + line + "\"" : "\"" + line.substring(0, EXCERPT) + "...\"";
    }
}
