package ai.preceptor.cli.keys;

import ai.preceptor.RewardReading;
import ai.preceptor.data.setting.Key;

/** How the rewards of reward models are read as scores. */
public record RewardReadingKeys(
        @Key(
                help = "normalize each reward model's rewards to mean 0 and standard deviation 1, with the "
                        + "statistics stored by training",
                defaultValue = "false")
        boolean normalizeRewards,

        @Key(
                help = "ensembles: number of standard deviations to subtract from the members' mean",
                defaultValue = "0",
                range = "[0, inf)")
        double rewardUncertaintyCoef) {

    /** As the scorer takes it. */
    public RewardReading reading() {
        return new RewardReading(normalizeRewards, rewardUncertaintyCoef);
    }
}
