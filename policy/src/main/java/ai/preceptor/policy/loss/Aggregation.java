package ai.preceptor.policy.loss;

import ai.preceptor.train.Totals;

/**
 * How token losses are aggregated to the loss of a step: the weight of each token of an answer. The loss is a mean over
 * the step, so weights fall as the step's totals rise. {@link Aggregations} has the known ones. Immutable.
 */
public interface Aggregation {
    /** By what a run's checkpoints know it. */
    String name();

    /**
     * The weight of each token's loss.
     *
     * @param tokens length of the answer, at least 1
     * @param step totals of the optimizer step
     * @param maxCompletionLength longest answer that may be sampled
     * @return finite and above 0
     */
    double tokenWeight(int tokens, Totals step, int maxCompletionLength);
}
