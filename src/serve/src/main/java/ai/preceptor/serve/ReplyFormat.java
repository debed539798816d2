package ai.preceptor.serve;

import ai.preceptor.lm.RankedTokens;
import ai.preceptor.lm.generate.GeneratedToken;
import ai.preceptor.lm.text.TokenBytes;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an answer is serialized: OpenAI's objects for one kind of request. */
abstract class ReplyFormat {
    /** JSON has no minus infinity; OpenAI writes this. */
    private static final float LEAST_LOGPROB = -9999;

    private final TokenBytes tokens;
    private final Names names;

    ReplyFormat(TokenBytes tokens, Names names) {
        this.tokens = tokens;
        this.names = names;
    }

    /**
     * How replies of one kind begin.
     *
     * @param prefix of their ids
     * @param object name of a whole reply's object
     * @param chunk name of a piece's object
     * @param announces whether a stream begins with a piece without text for each answer
     */
    record Names(String prefix, String object, String chunk, boolean announces) {}

    final Names names() {
        return names;
    }

    /**
     * What every object of a reply begins with.
     *
     * @param id of the reply
     * @param created seconds since 1970
     * @param model what requests call the model
     */
    record Head(String id, long created, String model) {}

    /**
     * A piece of one answer, or all of it.
     *
     * @param index which answer of the reply
     * @param text of it
     * @param tokens with their log-probabilities, null where they are not asked for
     * @param offset characters of the answer before the first of {@code tokens}
     * @param finish {@code stop} or {@code length}, null while it grows
     * @param prompt what it answers with the log-probabilities of that, null where they are not asked for
     */
    record Piece(
            int index,
            String text,
            @Nullable List<GeneratedToken> tokens,
            int offset,
            @Nullable String finish,
            @Nullable ScoredPrompt prompt) {

        /** One without a prompt. */
        Piece(int index, String text, @Nullable List<GeneratedToken> tokens, int offset, @Nullable String finish) {
            this(index, text, tokens, offset, finish, null);
        }
    }

    /**
     * A prompt and the log-probabilities of its tokens.
     *
     * @param ids the prompt
     * @param ranked its tokens but the first
     */
    @SuppressWarnings("ArrayRecordComponent") // on its way to a reply, compared by nobody
    record ScoredPrompt(int[] ids, RankedTokens ranked) {}

    /** Adds a whole answer to a choice. */
    abstract void whole(ObjectNode choice, Piece piece);

    /** Adds a piece of an answer to a choice. */
    abstract void delta(ObjectNode choice, Piece piece);

    final ObjectNode reply(Head head, List<Piece> answers, Usage usage) {
        ObjectNode root = root(head, names.object());
        var choices = root.putArray("choices");
        for (Piece answer : answers) {
            ObjectNode choice = choices.addObject().put("index", answer.index());
            whole(choice, answer);
            choice.put("finish_reason", answer.finish());
        }
        root.set("usage", usage.toJson());
        return root;
    }

    /** @param counted whether the stream will end with the count of tokens */
    final ObjectNode chunk(Head head, Piece piece, boolean counted) {
        ObjectNode root = root(head, names.chunk());
        ObjectNode choice = root.putArray("choices").addObject().put("index", piece.index());
        delta(choice, piece);
        choice.put("finish_reason", piece.finish());
        if (counted) {
            root.putNull("usage");
        }
        return root;
    }

    /** The count of tokens that ends a stream. */
    final ObjectNode count(Head head, Usage usage) {
        ObjectNode root = root(head, names.chunk());
        root.putArray("choices");
        root.set("usage", usage.toJson());
        return root;
    }

    private static ObjectNode root(Head head, String object) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", head.id())
                .put("object", object)
                .put("created", head.created())
                .put("model", head.model());
    }

    final byte[] bytes(int id) {
        return tokens.of(id);
    }

    final String spelt(int id) {
        return tokens.text(id);
    }

    static float finite(float logprob) {
        return Math.max(LEAST_LOGPROB, logprob);
    }

    /** Tokens that were read and written. */
    record Usage(int prompt, int completion) {
        ObjectNode toJson() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("prompt_tokens", prompt)
                    .put("completion_tokens", completion)
                    .put("total_tokens", prompt + completion);
        }
    }
}
