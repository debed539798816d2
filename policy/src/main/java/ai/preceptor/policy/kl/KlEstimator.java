package ai.preceptor.policy.kl;

/**
 * An estimator of KL(policy || reference) from one sampled token, a function of the log-ratio {@code d = log pi(y) - log
 * pi_ref(y)} with y drawn from the policy. {@link KlEstimators} has the known ones. Immutable.
 */
public interface KlEstimator {

    /** By what a run's checkpoints know it. */
    String name();

    /**
     * The estimate, in nats; 0 where policy and reference agree.
     *
     * @param logratio log pi - log pi_ref of the sampled token, finite
     */
    double value(double logratio);

    /**
     * What the gradient of a loss has of it: the derivative of {@link #value} by the policy's log-probability, or of another
     * estimate whose gradient is the better one.
     */
    double slope(double logratio);

    /**
     * The estimate of a whole answer, summed over its tokens, in nats.
     *
     * @param logps {@code [tokens]}: under the policy
     * @param referenceLogps {@code [tokens]}: under the reference
     */
    default double sum(float[] logps, float[] referenceLogps) {
        double sum = 0;
        for (int t = 0; t < logps.length; t++) {
            sum += value((double) logps[t] - referenceLogps[t]);
        }
        return sum;
    }
}
