package ai.preceptor.teacher.served.client;

import ai.preceptor.teacher.served.http.ReplyParser.Reading;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server for the most probable tokens at each place of given tokens: {@code /completions} with the token ids as
 * {@code prompt}, and {@code prompt_logprobs} (vLLM's field, which {@code preceptor serve} has too). What is kept of the reply
 * is JSON, {@code {"ids": [[k ids], ...], "logprobs": [[k numbers], ...]}}: an entry for each token but the first, the most
 * probable token first.
 *
 * @param ids token ids, at least 2; not copied, do not modify
 * @param k how many tokens at each place, at least 1
 * @param vocabulary ids lie below it
 */
@SuppressWarnings("ArrayRecordComponent") // told apart by its body
public record TopTokensRequest(int[] ids, int k, int vocabulary) implements TokensCall {
    /** How far probabilities may add up to more than 1 before a reply is malformed. */
    private static final double ROUNDING = 1e-3;

    /** @throws IllegalArgumentException if a number is out of its range */
    public TopTokensRequest {
        if (ids.length < 2 || k < 1 || k > vocabulary) {
            throw new IllegalArgumentException("top tokens: " + ids.length + " tokens, k " + k + " of " + vocabulary
                    + ", must be at least 2; 1 to the vocabulary");
        }
    }

    @Override
    public int alternatives() {
        return k;
    }

    @Override
    public Reading read(JsonNode choice, String finish) {
        JsonNode places = choice.path(FIELD);
        Reading problem = TokensCall.problem(places, ids.length);
        if (problem != null) {
            return problem;
        }
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        ArrayNode all = kept.putArray("ids");
        ArrayNode logprobs = kept.putArray("logprobs");
        for (int i = 1; i < ids.length; i++) {
            List<Token> best = best(places.path(i));
            if (best == null) {
                return Reading.malformed("expected choices[0]." + FIELD + "[" + i + "] to hold at least " + k
                        + " ids below " + vocabulary + " with log-probabilities of 0 or less that add up to at most 1");
            }
            ArrayNode own = all.addArray();
            ArrayNode numbers = logprobs.addArray();
            best.forEach(token -> {
                own.add(token.id());
                numbers.add(token.logprob());
            });
        }
        return Reading.of(kept.toString());
    }

    private record Token(int id, double logprob) {}

    /** The k most probable of a place, which may list one more: the prompt's own token. Null if it is not what it should be. */
    private @Nullable List<Token> best(JsonNode place) {
        List<Token> tokens = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : place.properties()) {
            int id = id(entry.getKey());
            JsonNode logprob = entry.getValue().path("logprob");
            if (id < 0 || !logprob.isNumber() || !(logprob.doubleValue() <= ROUNDING)) {
                return null;
            }
            tokens.add(new Token(id, logprob.doubleValue()));
        }
        if (tokens.size() < k) {
            return null;
        }
        tokens.sort(Comparator.comparingDouble(Token::logprob).reversed());
        List<Token> best = tokens.subList(0, k);
        double sum =
                best.stream().mapToDouble(token -> Math.exp(token.logprob())).sum();
        return sum <= 1 + ROUNDING ? best : null;
    }

    private int id(String name) {
        try {
            int id = Integer.parseInt(name);
            return id < vocabulary ? id : -1;
        } catch (NumberFormatException e) {
            return -1; // not an id: the reply is malformed
        }
    }
}
