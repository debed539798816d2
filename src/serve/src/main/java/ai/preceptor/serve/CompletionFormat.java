package ai.preceptor.serve;

import ai.preceptor.lm.generate.GeneratedToken;
import ai.preceptor.lm.text.TokenBytes;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Replies of {@code /v1/completions}. */
final class CompletionFormat extends ReplyFormat {
    CompletionFormat(TokenBytes tokens) {
        super(tokens, new Names("cmpl-", "text_completion", "text_completion", false));
    }

    @Override
    void whole(ObjectNode choice, Piece piece) {
        choice.put("text", piece.text());
        logprobs(choice, piece);
    }

    @Override
    void delta(ObjectNode choice, Piece piece) {
        whole(choice, piece);
    }

    /** Of several top tokens that are spelt alike the most probable counts, as elsewhere. */
    private void logprobs(ObjectNode choice, Piece piece) {
        if (piece.tokens() == null) {
            choice.putNull("logprobs");
            return;
        }
        ObjectNode logprobs = choice.putObject("logprobs");
        ArrayNode texts = logprobs.putArray("tokens");
        ArrayNode chosen = logprobs.putArray("token_logprobs");
        ArrayNode tops = logprobs.putArray("top_logprobs");
        ArrayNode offsets = logprobs.putArray("text_offset");
        int offset = piece.offset();
        for (GeneratedToken token : piece.tokens()) {
            String text = spelt(token.id());
            texts.add(text);
            chosen.add(finite(token.logprob()));
            ObjectNode top = tops.addObject();
            token.top().forEach(chance -> {
                String name = spelt(chance.id());
                if (!top.has(name)) {
                    top.put(name, finite(chance.logprob()));
                }
            });
            if (!top.has(text)) {
                top.put(text, finite(token.logprob()));
            }
            offsets.add(offset);
            offset += text.length();
        }
    }
}
