package ai.preceptor.lm.generate;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens may be sampled, and added biases, independent of the text so far.
 *
 * @param logitBias added to the logits of these ids before the penalties (OpenAI's {@code logit_bias}); minus infinity forbids
 *     a token
 * @param allowed the only ids that may be drawn (vLLM's {@code allowed_token_ids}), at least one; null for all. An end of
 *     sequence that is not among them is never drawn
 */
public record TokenRules(
        Map<Integer, Double> logitBias, @Nullable Set<Integer> allowed) {
    /** All tokens, none favoured. */
    public static final TokenRules NONE = new TokenRules(Map.of(), null);

    /** @throws IllegalArgumentException naming an id or a bias that is out of its range, or if no token is allowed */
    public TokenRules {
        logitBias = Map.copyOf(logitBias);
        allowed = allowed == null ? null : Set.copyOf(allowed);
        logitBias.forEach((id, bias) -> {
            SamplingOptions.require(id >= 0, "logit_bias", id, "of token ids, 0 or more");
            SamplingOptions.require(
                    !bias.isNaN() && bias < Double.POSITIVE_INFINITY, "logit_bias", bias, "finite or minus infinity");
        });
        if (allowed != null) {
            SamplingOptions.require(!allowed.isEmpty(), "allowed_token_ids", allowed, "at least one token id");
            allowed.forEach(id -> SamplingOptions.require(id >= 0, "allowed_token_ids", id, "token ids, 0 or more"));
        }
    }

    /** Whether nothing is changed. */
    public boolean isNone() {
        return logitBias.isEmpty() && allowed == null;
    }
}
