package ai.preceptor.policy.loss;

import ai.preceptor.train.Totals;

/** The aggregations of the known methods. */
public enum Aggregations implements Aggregation {
    /** Mean over answers of the mean over tokens: every answer weighs the same (GRPO, RLOO, GSPO). */
    SEQUENCE_MEAN {
        @Override
        public double tokenWeight(int tokens, Totals step, int maxCompletionLength) {
            return 1.0 / ((double) tokens * step.rows());
        }
    },
    /** Mean over answers of the sum over tokens: every answer weighs by its length (LUSPO, arXiv:2602.05261). */
    SEQUENCE_SUM {
        @Override
        public double tokenWeight(int tokens, Totals step, int maxCompletionLength) {
            return 1.0 / step.rows();
        }
    },
    /** Mean over the tokens of the step: every token weighs the same (DAPO, BNPO). */
    TOKEN_MEAN {
        @Override
        public double tokenWeight(int tokens, Totals step, int maxCompletionLength) {
            return 1.0 / step.tokens();
        }
    },
    /** Sum over tokens divided by a constant length, mean over answers: no length bias (Dr. GRPO). */
    FIXED_LENGTH {
        @Override
        public double tokenWeight(int tokens, Totals step, int maxCompletionLength) {
            return 1.0 / ((double) maxCompletionLength * step.rows());
        }
    }
}
