package ai.preceptor.cli.keys.training;

import ai.preceptor.reward.AllPairsLoss;
import ai.preceptor.reward.BradleyTerryLoss;
import ai.preceptor.reward.PlackettLuceRewardLoss;
import ai.preceptor.reward.RankedRewardLoss;

/** The values of {@code loss_type} for {@code reward}; they differ on ranked groups of more than two answers. */
public enum RewardLossType {
    BRADLEY_TERRY {
        @Override
        public RankedRewardLoss ranked(double centerRewardsCoefficient) {
            return new AllPairsLoss(new BradleyTerryLoss(centerRewardsCoefficient));
        }
    },
    PLACKETT_LUCE {
        @Override
        public RankedRewardLoss ranked(double centerRewardsCoefficient) {
            return new PlackettLuceRewardLoss(centerRewardsCoefficient);
        }
    };

    /** The loss of a ranked group. */
    public abstract RankedRewardLoss ranked(double centerRewardsCoefficient);
}
