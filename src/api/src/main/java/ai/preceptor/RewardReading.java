package ai.preceptor;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.Refusals;

/** How the rewards of reward models are read as scores. */
public record RewardReading(
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
    /** Rewards as the model gives them. */
    public static final RewardReading PLAIN = new RewardReading(false, 0);

    /** @throws ai.preceptor.data.ConfigurationException if the coefficient is negative or not finite */
    public RewardReading {
        Refusals.of(RewardReading.class, normalizeRewards, rewardUncertaintyCoef)
                .throwIfAny();
    }
}
