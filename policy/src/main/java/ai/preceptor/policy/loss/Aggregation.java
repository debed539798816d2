package ai.preceptor.policy.loss;

import ai.preceptor.train.Totals;

/** How token losses add up to the step's loss: what each token of an answer weighs. */
public enum Aggregation {
    /** Mean over answers of the mean over tokens: every answer weighs the same (GRPO, RLOO, GSPO). */
    SEQUENCE_MEAN {
        @Override
        double tokenWeight(int tokens, Totals step, int maxCompletionLength) {
            return 1.0 / ((double) tokens * step.rows());
        }
    },
    /** Mean over the tokens of the step: every token weighs the same (DAPO, BNPO). */
    TOKEN_MEAN {
        @Override
        double tokenWeight(int tokens, Totals step, int maxCompletionLength) {
            return 1.0 / step.tokens();
        }
    },
    /** Sum over tokens divided by a constant length, mean over answers: no length bias (Dr. GRPO). */
    FIXED_LENGTH {
        @Override
        double tokenWeight(int tokens, Totals step, int maxCompletionLength) {
            return 1.0 / ((double) maxCompletionLength * step.rows());
        }
    };

    /**
     * The weight of each token's loss.
     *
     * @param tokens length of the answer
     * @param step totals of the optimizer step
     * @param maxCompletionLength longest answer that may be sampled
     */
    abstract double tokenWeight(int tokens, Totals step, int maxCompletionLength);
}
