package ai.preceptor.policy.credit;

import ai.preceptor.train.sampling.Moments;

/** The divisor of group-relative advantages; TRL's {@code scale_rewards}. */
public enum ScaleRewards {
    /**
     * The deviation of the answer's own group: every prompt has the same weight, even if its answers score almost the
     * same.
     */
    GROUP {
        @Override
        double divisor(Moments group, Moments batch, double epsilon) {
            return group.deviation() + epsilon;
        }
    },
    /** The deviation of the whole batch: prompts whose answers differ more weigh more. */
    BATCH {
        @Override
        double divisor(Moments group, Moments batch, double epsilon) {
            return batch.deviation() + epsilon;
        }
    },
    /** Nothing: advantages keep the unit of the reward. */
    NONE {
        @Override
        double divisor(Moments group, Moments batch, double epsilon) {
            return 1;
        }
    };

    /** What to divide by; not a number where a deviation is not defined. */
    abstract double divisor(Moments group, Moments batch, double epsilon);
}
