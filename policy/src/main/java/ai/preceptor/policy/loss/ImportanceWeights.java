package ai.preceptor.policy.loss;

import ai.preceptor.train.Metric;
import java.util.Map;

/**
 * How much each token of an answer that an older policy sampled counts in a {@link LikelihoodLoss}: numbers that are held
 * constant when the loss is differentiated. {@link CappedRatio} is CISPO's, {@link GammaWeight} VESPO's. Immutable.
 */
public interface ImportanceWeights {

    /** By what a run's checkpoints know them, such as {@code capped_ratio}. */
    String name();

    /** Whether all tokens of an answer share one ratio. */
    boolean isShared();

    /**
     * The weights of an answer.
     *
     * @param answer log-probabilities and advantages; not to be changed
     * @return 1 everywhere where the policies agree
     */
    Weighed of(SampledTokens answer);

    /**
     * The weights of one answer.
     *
     * @param values {@code [tokens]}, a new array, finite and 0 or more
     * @param metrics about them, by their names on the metrics page; possibly empty
     */
    record Weighed(double[] values, Map<String, Metric> metrics) {}
}
