package ai.preceptor.policy.critic;

/**
 * What a critic learns from a sampled answer.
 *
 * @param values {@code [tokens]}: the critic's values when the answer was sampled
 * @param returns {@code [tokens]}: what they should have been
 */
public record ValueTargets(float[] values, double[] returns) {
    /** @throws IllegalArgumentException if the arrays differ in length */
    public ValueTargets {
        if (values.length != returns.length) {
            throw new IllegalArgumentException(
                    "returns: " + returns.length + ", must be as many as values: " + values.length);
        }
    }
}
