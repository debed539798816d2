package ai.preceptor.serve;

import ai.preceptor.lm.generate.GeneratedToken;
import ai.preceptor.lm.text.TokenBytes;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Replies of {@code /v1/chat/completions}. */
final class ChatFormat extends ReplyFormat {
    ChatFormat(TokenBytes tokens) {
        super(tokens, new Names("chatcmpl-", "chat.completion", "chat.completion.chunk", true));
    }

    @Override
    void whole(ObjectNode choice, Piece piece) {
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", piece.text())
                .putNull("refusal");
        logprobs(choice, piece);
    }

    @Override
    void delta(ObjectNode choice, Piece piece) {
        ObjectNode delta = choice.putObject("delta");
        if (piece.tokens() == null && piece.text().isEmpty() && piece.finish() == null) {
            delta.put("role", "assistant").put("content", ""); // the announcement
        } else if (piece.finish() == null || !piece.text().isEmpty()) {
            delta.put("content", piece.text());
        }
        logprobs(choice, piece);
    }

    private void logprobs(ObjectNode choice, Piece piece) {
        if (piece.tokens() == null || (piece.tokens().isEmpty() && piece.text().isEmpty())) {
            choice.putNull("logprobs");
            return;
        }
        ObjectNode logprobs = choice.putObject("logprobs");
        ArrayNode content = logprobs.putArray("content");
        for (GeneratedToken token : piece.tokens()) {
            ObjectNode entry = content.addObject();
            entry(entry, token.id(), token.logprob());
            ArrayNode top = entry.putArray("top_logprobs");
            token.top().forEach(chance -> entry(top.addObject(), chance.id(), chance.logprob()));
        }
        logprobs.putNull("refusal");
    }

    private void entry(ObjectNode entry, int id, float logprob) {
        entry.put("token", spelt(id)).put("logprob", finite(logprob));
        ArrayNode bytes = entry.putArray("bytes");
        for (byte one : bytes(id)) {
            bytes.add(Byte.toUnsignedInt(one));
        }
    }
}
