package ai.preceptor.teacher.served.client;

import ai.preceptor.teacher.served.http.ReplyParser.Reading;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Asks a server for its log-probabilities of given tokens: {@code /completions} with the token ids as {@code prompt}, and
 * {@code prompt_logprobs} (vLLM's field, which {@code preceptor serve} has too). What is kept of the reply is JSON:
 * {@code {"logprobs": [number or null, ...]}}, and {@code "tokens"}, the server's spelling of each, where it is asked for.
 *
 * @param ids token ids, at least 2; not copied, do not modify
 * @param from first of them whose log-probability is wanted, 1 or more: nothing predicts the first
 * @param spelt whether the server's spelling of the tokens is wanted too
 */
@SuppressWarnings("ArrayRecordComponent") // told apart by its body
public record TokenScoringRequest(int[] ids, int from, boolean spelt) implements TokensCall {
    /** @throws IllegalArgumentException if no token is left to be scored */
    public TokenScoringRequest {
        if (from < 1 || from >= ids.length) {
            throw new IllegalArgumentException(
                    "from: received " + from + ", must be 1 to " + (ids.length - 1) + ", one less than the tokens");
        }
    }

    @Override
    public int alternatives() {
        return 0;
    }

    @Override
    public Reading read(JsonNode choice, String finish) {
        JsonNode places = choice.path(FIELD);
        Reading problem = TokensCall.problem(places, ids.length);
        if (problem != null) {
            return problem;
        }
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        ArrayNode logprobs = kept.putArray("logprobs");
        ArrayNode tokens = spelt ? kept.putArray("tokens") : null;
        for (int i = from; i < ids.length; i++) {
            JsonNode own = places.path(i).path(Integer.toString(ids[i]));
            JsonNode logprob = own.path("logprob");
            if (logprob.isNumber()) {
                logprobs.add(logprob);
            } else {
                logprobs.addNull();
            }
            if (tokens != null) {
                tokens.add(own.path("decoded_token").asText(""));
            }
        }
        return Reading.of(kept.toString());
    }
}
