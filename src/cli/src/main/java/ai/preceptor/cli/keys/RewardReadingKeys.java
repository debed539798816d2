package ai.preceptor.cli.keys;

import ai.preceptor.RewardReading;
import ai.preceptor.data.setting.Key;

/** How the rewards of reward models are read as scores. */
public record RewardReadingKeys(
        @Key(
                help = "bring each reward model's rewards to mean 0 and standard deviation 1, by what training stored"
                        + " with it",
                standard = "false")
        boolean normalizeRewards,

        @Key(
                help = "ensembles: standard deviations of the members that a score lies below their mean",
                standard = "0",
                range = "[0, inf)")
        double rewardUncertaintyCoef) {

    /** As the scorer takes it. */
    public RewardReading reading() {
        return new RewardReading(normalizeRewards, rewardUncertaintyCoef);
    }
}
