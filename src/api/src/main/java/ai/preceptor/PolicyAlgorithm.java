package ai.preceptor;

import ai.preceptor.policy.credit.Advantages;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.credit.ScaleRewards;
import ai.preceptor.policy.kl.KlPlacement;
import ai.preceptor.policy.loss.PolicyLossType;

/** What makes advantages of rewards, with the defaults that TRL has for it. */
public enum PolicyAlgorithm {
    /** Each answer against the mean of the other answers to its prompt; one clipped ratio per answer; k1 in the reward. */
    RLOO {
        @Override
        public PolicyOptionsBuilder options() {
            return new PolicyOptionsBuilder(this, PolicyLossType.RLOO, KlPlacement.REWARD)
                    .numGenerations(2)
                    .beta(0.05);
        }

        @Override
        CreditAssignment credit(ScaleRewards scale, boolean normalize) {
            return new CreditAssignment.WholeAnswer(new Advantages.LeaveOneOut(normalize));
        }
    },
    /** Each answer against the mean of its prompt's, over their deviation; clipped ratios of tokens; k3 in the loss. */
    GRPO {
        @Override
        public PolicyOptionsBuilder options() {
            return new PolicyOptionsBuilder(this, PolicyLossType.DAPO, KlPlacement.LOSS)
                    .numGenerations(8)
                    .beta(0);
        }

        @Override
        CreditAssignment credit(ScaleRewards scale, boolean normalize) {
            return new CreditAssignment.WholeAnswer(new Advantages.GroupRelative(scale));
        }
    },
    /**
     * PPO's step without a value model: token returns, whitened over the batch, clipped ratios of tokens, several passes;
     * k1 of each token in its reward. TRL's {@code PPOConfig} where it has a name for a number, but temperature 1.
     */
    PPO {
        @Override
        public PolicyOptionsBuilder options() {
            return new PolicyOptionsBuilder(this, PolicyLossType.PPO, KlPlacement.REWARD)
                    .numGenerations(1)
                    .numIterations(4)
                    .beta(0.05);
        }

        @Override
        CreditAssignment credit(ScaleRewards scale, boolean normalize) {
            return new CreditAssignment.TokenReturns();
        }
    };

    /** The defaults. */
    public abstract PolicyOptionsBuilder options();

    abstract CreditAssignment credit(ScaleRewards scale, boolean normalize);
}
