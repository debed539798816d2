package ai.preceptor;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.reward.process.StepAggregation;
import java.nio.file.Path;
import java.util.List;

/** How the rewards of reward models are read as scores. */
public record RewardReading(
        @Key(
                help = "normalize each reward model's rewards to mean 0 and standard deviation 1, with the "
                        + "statistics stored by training",
                defaultValue = "false")
        boolean normalizeRewards,

        @Key(
                help = "ensembles: standard deviations to subtract from the members' mean",
                defaultValue = "0",
                range = "[0, inf)")
        double rewardUncertaintyCoef,

        @Key(
                help = "share of the linear length effect, as measured in training, to subtract from each reward "
                        + "model's rewards; 1 for all",
                defaultValue = "0",
                range = "[0, inf)")
        double rewardLengthCoef,

        @Key(
                help = "process reward models: aggregation of an answer's step probabilities into its score",
                defaultValue = "min")
        StepAggregation stepAggregation) {
    /** Rewards as the model gives them. */
    public static final RewardReading PLAIN = new RewardReading(false, 0);

    /** @throws ConfigurationException if a coefficient is negative or not finite */
    public RewardReading {
        Refusals.of(RewardReading.class, normalizeRewards, rewardUncertaintyCoef, rewardLengthCoef, stepAggregation)
                .throwIfAny();
    }

    /** With lengths as they are. */
    public RewardReading(boolean normalizeRewards, double rewardUncertaintyCoef) {
        this(normalizeRewards, rewardUncertaintyCoef, 0, StepAggregation.MIN);
    }

    /** Whether rewards of whole answers are read as they are. */
    public boolean isPlain() {
        return !normalizeRewards && rewardUncertaintyCoef == 0 && rewardLengthCoef == 0;
    }

    /**
     * Refuses a {@code step_aggregation} where no steps are scored. Reads the models' configurations.
     *
     * @param models directories of those that are read like this; may be empty
     * @throws ConfigurationException if it would do nothing
     */
    public void requireSteps(List<Path> models) {
        if (stepAggregation != StepAggregation.MIN
                && models.stream().noneMatch(model -> ModelSource.of(model).process())) {
            throw new ConfigurationException("step_aggregation: expected nothing without a process reward model, found "
                    + KeyName.of(stepAggregation));
        }
    }

    /**
     * Refuses what a process reward model, whose scores are probabilities, has no statistics for.
     *
     * @param model its directory
     * @throws ConfigurationException if its scores are to be changed
     */
    public void requireForSteps(Path model) {
        if (!isPlain()) {
            throw new ConfigurationException((normalizeRewards
                            ? "normalize_rewards: expected false"
                            : rewardLengthCoef > 0
                                    ? "reward_length_coef: expected 0"
                                    : "reward_uncertainty_coef: expected 0")
                    + " with the process reward model " + model + ", whose scores are probabilities");
        }
    }
}
