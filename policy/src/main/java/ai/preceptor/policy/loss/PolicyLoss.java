package ai.preceptor.policy.loss;

import ai.preceptor.train.Totals;

/**
 * The pure core of a policy objective: from the log-probabilities and advantages of one sampled answer to its share of the
 * step's loss. {@link ClippedPolicyLoss} is that of PPO, RLOO and GRPO, whose parts can be replaced one by one. Immutable;
 * one thread uses it.
 */
public interface PolicyLoss {

    /**
     * By what a run's checkpoints know it: going on with another one is refused. Name the settings too that change what
     * comes out.
     */
    String name();

    /** Whether {@link #evaluate} reads {@link SampledTokens#referenceLogps}; not by default. */
    default boolean needsReference() {
        return false;
    }

    /** Whether all tokens of an answer share one ratio, so that clipping counts by answers; not by default. */
    default boolean sharesRatio() {
        return false;
    }

    /**
     * The same loss with another coefficient of its KL term, which is asked for before every micro-batch; the loss itself,
     * by default, which has no such term.
     *
     * @param beta 0 or more; 0 where the KL is in the reward
     */
    default PolicyLoss withBeta(double beta) {
        return this;
    }

    /**
     * One answer's share of the step's loss, and its exact gradient.
     *
     * @param answer log-probabilities in nats and advantages, at least one token
     * @param step totals of the optimizer step: shares are weighed so that they add up to the step's loss however the step
     *     is split into micro-batches
     * @throws IllegalArgumentException if the loss needs reference log-probabilities and the answer has none
     */
    PolicyTerm evaluate(SampledTokens answer, Totals step);
}
