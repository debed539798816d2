package ai.preceptor.reward;

/** The values of {@code loss_type} for {@code reward}; they differ on ranked groups of more than two answers. */
public enum RewardLossType {
    BRADLEY_TERRY {
        @Override
        RankedRewardLoss loss(double centerRewardsCoefficient) {
            return new AllPairsLoss(new BradleyTerryLoss(centerRewardsCoefficient));
        }
    },
    PLACKETT_LUCE {
        @Override
        RankedRewardLoss loss(double centerRewardsCoefficient) {
            return new PlackettLuceRewardLoss(centerRewardsCoefficient);
        }
    };

    /** The loss of a ranked group. */
    abstract RankedRewardLoss loss(double centerRewardsCoefficient);
}
