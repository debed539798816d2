package ai.preceptor.serve;

import ai.preceptor.lm.RankedTokens;
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
        if (piece.prompt() != null) {
            prompt(choice.putArray("prompt_logprobs"), piece.prompt());
        }
    }

    /** vLLM's form: null for the first token, then for each an object of token ids, its own first. */
    private void prompt(ArrayNode places, ScoredPrompt prompt) {
        RankedTokens ranked = prompt.ranked();
        places.addNull();
        for (int i = 0; i < ranked.tokens(); i++) {
            ObjectNode place = places.addObject();
            entry(place, prompt.ids()[i + 1], ranked.logprobs()[i], ranked.ranks()[i]);
            for (int k = 0; k < ranked.k(); k++) {
                int at = i * ranked.k() + k;
                if (ranked.topIds()[at] != prompt.ids()[i + 1]) {
                    entry(place, ranked.topIds()[at], ranked.topLogprobs()[at], k + 1);
                }
            }
        }
    }

    private void entry(ObjectNode place, int id, float logprob, int rank) {
        place.putObject(Integer.toString(id))
                .put("logprob", finite(logprob))
                .put("rank", rank)
                .put("decoded_token", spelt(id));
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
