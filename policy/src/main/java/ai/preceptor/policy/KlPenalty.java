package ai.preceptor.policy;

/**
 * A KL term in the loss.
 *
 * @param beta its coefficient, 0 or more; 0 reports the KL and leaves it out of the loss
 * @param estimator how each token's KL is estimated
 */
public record KlPenalty(double beta, KlEstimator estimator) {

    /** @throws IllegalArgumentException if {@code beta} is negative or not finite */
    public KlPenalty {
        if (!(beta >= 0) || Double.isInfinite(beta)) {
            throw new IllegalArgumentException("beta: " + beta + ", must be finite and 0 or more");
        }
    }

    /** No KL term; where a reference is known, its k1 estimate is still reported. */
    public static KlPenalty none() {
        return new KlPenalty(0, KlEstimator.K1);
    }

    /** GRPO's: k3 with this coefficient. */
    public static KlPenalty k3(double beta) {
        return new KlPenalty(beta, KlEstimator.K3);
    }
}
