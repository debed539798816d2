package ai.preceptor.policy.correction;

import ai.preceptor.policy.loss.SampledTokens;

/**
 * Leaves answers out that the policy has become unlikely to give and that it should not have given: pushing them further
 * down is what makes training on stale samples unstable. For a token with a negative advantage the policy's term is
 * dropped where
 *
 * <pre>  1/T sum over t of (log mu(y_t) - log pi(y_t)) &gt; threshold</pre>
 *
 * <p>Source: DeepSeek-V3.2, arXiv:2512.02556, eq. 9; TRL's {@code off_policy_mask_threshold}. The KL term stays.
 *
 * @param threshold in nats a token, above 0; the paper gives none, TRL suggests 0.5
 */
public record OffPolicyMask(double threshold) {

    /** @throws IllegalArgumentException if the threshold is not above 0 and finite */
    public OffPolicyMask {
        if (!(threshold > 0) || Double.isInfinite(threshold)) {
            throw new IllegalArgumentException(
                    "off_policy_mask_threshold: " + threshold + ", must be above 0 and finite");
        }
    }

    /** Whether the answer is beyond the threshold. */
    public boolean isBeyond(SampledTokens answer) {
        double sum = 0;
        for (int t = 0; t < answer.length(); t++) {
            sum += (double) answer.samplerLogps()[t] - answer.logps()[t];
        }
        return sum / answer.length() > threshold;
    }

    /** The answer, without its policy terms of negative advantage if it is beyond the threshold. */
    public SampledTokens applyTo(SampledTokens answer) {
        if (!isBeyond(answer)) {
            return answer;
        }
        double[] weights = answer.weights().clone();
        for (int t = 0; t < weights.length; t++) {
            weights[t] = answer.advantages()[t] < 0 ? 0 : weights[t];
        }
        return answer.withWeights(weights);
    }
}
