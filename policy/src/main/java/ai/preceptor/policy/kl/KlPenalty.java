package ai.preceptor.policy.kl;

/**
 * A KL term in the loss.
 *
 * <p>With bias correction each token's estimate is multiplied by its probability ratio r of new to old policy, which is
 * differentiated too. That makes the term an expectation under the new policy, and its gradient that of KL(policy ||
 * reference) even for k3: on the sampling policy the slope of {@code r k3(d)} is {@code 1 - exp(-d) + k3(d) = d}, the slope
 * of k2. Source: DeepSeek-V3.2, arXiv:2512.02556; TRL's {@code use_bias_correction_kl}, which its golden numbers (1.16) have on.
 *
 * @param beta its coefficient, 0 or more; 0 reports the KL and leaves it out of the loss
 * @param estimator how each token's KL is estimated
 * @param biasCorrection whether the ratio multiplies the estimate
 */
public record KlPenalty(double beta, KlEstimator estimator, boolean biasCorrection) {

    /** @throws IllegalArgumentException if {@code beta} is negative or not finite */
    public KlPenalty {
        if (!(beta >= 0) || Double.isInfinite(beta)) {
            throw new IllegalArgumentException("beta: " + beta + ", must be finite and 0 or more");
        }
    }

    /** No KL term; where a reference is known, its k1 estimate is still reported. */
    public static KlPenalty none() {
        return new KlPenalty(0, KlEstimators.K1, false);
    }

    /** GRPO's as TRL has it: k3 with this coefficient and bias correction. */
    public static KlPenalty k3(double beta) {
        return new KlPenalty(beta, KlEstimators.K3, true);
    }

    /** The same term with another coefficient. */
    public KlPenalty withBeta(double newBeta) {
        return new KlPenalty(newBeta, estimator, biasCorrection);
    }

    /** What multiplies the estimate of a token at this ratio. */
    public double factor(double ratio) {
        return biasCorrection ? ratio : 1;
    }
}
