package ai.preceptor.policy.loss;

/**
 * The level at which the probability ratio of new to old policy is computed and clipped: per token or per answer.
 * {@link RatioLevels} has the known ones. Immutable.
 */
public interface RatioLevel {

    /** By what a run's checkpoints know it. */
    String name();

    /** Whether all tokens of an answer share one ratio. */
    boolean isShared();

    /**
     * From each token's log-ratio to the ratio that is used at each token.
     *
     * @param logratios {@code [tokens]}, log pi - log pi_old, at least one; not to be changed
     * @return {@code [tokens]}, a new array; 1 everywhere where all log-ratios are 0
     */
    double[] ratios(double[] logratios);

    /**
     * From derivatives by the logarithm of the ratio used at each token to derivatives by each token's own log-ratio: the
     * transpose of the derivative of log {@link #ratios}, which must not depend on the log-ratios.
     *
     * @param slopes {@code [tokens]}; not to be changed
     * @return {@code [tokens]}, a new array
     */
    double[] spread(double[] slopes);
}
