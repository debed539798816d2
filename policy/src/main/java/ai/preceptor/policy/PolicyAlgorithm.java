package ai.preceptor.policy;

import ai.preceptor.policy.credit.Advantages;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.credit.GreedyBaseline;
import ai.preceptor.policy.credit.MultiObjectiveAggregation;
import ai.preceptor.policy.credit.NoReward;
import ai.preceptor.policy.credit.NormalizedParts;
import ai.preceptor.policy.credit.OptimalBaseline;
import ai.preceptor.policy.credit.ScaleRewards;
import ai.preceptor.policy.credit.StepGroupRelative;
import ai.preceptor.policy.credit.StepRewards;
import ai.preceptor.policy.credit.WhitenedGroupMean;
import ai.preceptor.policy.kl.KlPlacement;
import ai.preceptor.policy.loss.PolicyLossType;

/** What makes advantages of rewards, with the defaults that TRL has for it. */
public enum PolicyAlgorithm {
    /** Each answer against the mean of the other answers to its prompt; one clipped ratio per answer; k1 in the reward. */
    RLOO(PolicyLossType.RLOO, 2, 1, 0.05, KlPlacement.REWARD) {
        @Override
        CreditAssignment credit(PolicySettings settings) {
            return new CreditAssignment.WholeAnswer(new Advantages.LeaveOneOut(settings.normalizeAdvantages()));
        }
    },
    /** Each answer against the mean of its prompt's, over their deviation; clipped ratios of tokens; k3 in the loss. */
    GRPO(PolicyLossType.DAPO, 8, 1, 0, KlPlacement.LOSS) {
        @Override
        CreditAssignment credit(PolicySettings settings) {
            if (settings.shaping().stepRewards()) {
                return new StepGroupRelative(settings.scaleRewards() == ScaleRewards.GROUP);
            }
            return settings.multiObjectiveAggregation() == MultiObjectiveAggregation.NORMALIZE_THEN_SUM
                    ? new NormalizedParts()
                    : new CreditAssignment.WholeAnswer(new Advantages.GroupRelative(settings.scaleRewards()));
        }
    },
    /** Each answer against the mean of its prompt's, weighted by length; one ratio per answer; no KL. */
    OPO(PolicyLossType.RLOO, 8, 1, 0, KlPlacement.REWARD) {
        @Override
        CreditAssignment credit(PolicySettings settings) {
            return new OptimalBaseline();
        }
    },
    /** Each answer against the score of the greedy answer to its prompt; clipped ratios of tokens; k1 in the reward. */
    REMAX(PolicyLossType.PPO, 1, 1, 0.05, KlPlacement.REWARD) {
        @Override
        CreditAssignment credit(PolicySettings settings) {
            return new GreedyBaseline();
        }
    },
    /** Each answer against the mean of its prompt's, whitened over the tokens of the batch; clipped ratios of tokens. */
    REINFORCE_PLUS_PLUS_BASELINE(PolicyLossType.PPO, 8, 1, 0, KlPlacement.LOSS) {
        @Override
        CreditAssignment credit(PolicySettings settings) {
            return new WhitenedGroupMean();
        }
    },
    /**
     * PPO: a critic's values as the baseline of every token, generalized advantages whitened over the batch, clipped ratios
     * of tokens, several passes; k1 of each token in its reward. TRL's {@code PPOConfig} where it has a name for a number,
     * but temperature 1.
     */
    PPO(PolicyLossType.PPO, 1, 4, 0.05, KlPlacement.REWARD) {
        @Override
        CreditAssignment credit(PolicySettings settings) {
            CreditAssignment critics = settings.critic().credit();
            return settings.shaping().stepRewards() ? new StepRewards(critics) : critics;
        }

        @Override
        boolean hasCritic() {
            return true;
        }
    },
    /** PPO's step without a critic: token returns, whitened over the batch, are the advantages. */
    REINFORCE_PLUS_PLUS(PolicyLossType.PPO, 1, 4, 0.05, KlPlacement.REWARD) {
        @Override
        CreditAssignment credit(PolicySettings settings) {
            CreditAssignment returns = new CreditAssignment.TokenReturns();
            return settings.shaping().stepRewards() ? new StepRewards(returns) : returns;
        }
    },
    /** Nothing of rewards: a teacher of distillation alone. TRL's {@code IWOPDTrainer}, with the ratio clipped. */
    OPD(PolicyLossType.DAPO, 1, 1, 0, KlPlacement.LOSS) {
        @Override
        CreditAssignment credit(PolicySettings settings) {
            return new NoReward();
        }
    };

    // What PolicySettings leaves to the algorithm where nothing is given.
    final PolicyLossType lossType;
    final int numGenerations;
    final int numIterations;
    final double beta;
    final KlPlacement klPlacement;

    PolicyAlgorithm(
            PolicyLossType lossType, int numGenerations, int numIterations, double beta, KlPlacement klPlacement) {
        this.lossType = lossType;
        this.numGenerations = numGenerations;
        this.numIterations = numIterations;
        this.beta = beta;
        this.klPlacement = klPlacement;
    }

    /** What makes advantages of scores, with its parameters from the settings. */
    abstract CreditAssignment credit(PolicySettings settings);

    /** Whether a critic is trained beside the policy. */
    boolean hasCritic() {
        return false;
    }
}
