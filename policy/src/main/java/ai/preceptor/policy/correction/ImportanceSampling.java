package ai.preceptor.policy.correction;

/**
 * Weights that correct an expectation over the sampler's distribution mu to one over the old policy, from log pi_old - log
 * mu of the tokens of one answer. {@link ClippedImportance} has the known ones. Immutable.
 *
 * <p>The weights multiply the policy's terms of the loss, not its KL term, and no gradient flows through them.
 */
public interface ImportanceSampling {
    /**
     * By what a run's checkpoints know it, such as {@code sequence_mask}: going on with another one is refused. Name the
     * settings too that change what comes out.
     */
    String name();

    /**
     * The weight of each token of an answer.
     *
     * @param logratios {@code [tokens]}: log pi_old - log mu, at least one; not to be changed
     * @return {@code [tokens]}, a new array, finite and 0 or more; 1 everywhere where all log-ratios are 0
     */
    double[] weights(double[] logratios);

    /** Whether all tokens of an answer share one weight, so that metrics count it once; not by default. */
    default boolean isShared() {
        return false;
    }

    /** No correction: every weight is 1. */
    static ImportanceSampling none() {
        return new ClippedImportance(ImportanceSamplingMode.NONE, null, ClippedImportance.DEFAULT_MAX);
    }
}
