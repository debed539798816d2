package ai.preceptor.reward;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.RewardBackbone.NewHeads;
import ai.preceptor.reward.process.StepSettings;

/** What a reward model learns by, and the heads that it gets. */
public record RewardSettings(
        @Key(
                help = "loss on a ranked group: over all its pairs, or the likelihood of its order; identical for "
                        + "pairs",
                defaultValue = "bradley_terry")
        RewardLossType lossType,

        @Key(
                help = "weight of the penalty on the mean reward's distance from 0; 0.01 is usual",
                defaultValue = "0",
                range = "[0, inf)")
        double centerRewardsCoefficient,

        @Key(help = "initialization of the scalar head if the model has none", defaultValue = "zeros")
        HeadInit initHead,

        @Key(
                help = "ensemble: number of scalar heads on one trunk; more than one needs init_head=normal",
                defaultValue = "1",
                range = "[1, 64]")
        int ensembleSize,

        @Group(title = "Steps") StepSettings steps) {
    /** @throws ai.preceptor.data.ConfigurationException naming every value that is not legal or does not fit the others */
    public RewardSettings {
        Refusals refusals =
                Refusals.of(RewardSettings.class, lossType, centerRewardsCoefficient, initHead, ensembleSize, steps);
        if (ensembleSize > 1 && initHead == HeadInit.ZEROS) {
            refusals.refuse(
                    "init_head",
                    "expected normal with an ensemble_size of " + ensembleSize
                            + ", whose heads would be equal and stay equal, found zeros");
        }
        refusals.throwIfAny();
    }

    /** Refuses what rows of steps have no use for. */
    public void checkSteps(Checks checks) {
        if (lossType != RewardLossType.BRADLEY_TERRY) {
            checks.refuse(
                    "loss_type", "expected bradley_terry or none with rows of steps, found " + KeyName.of(lossType));
        }
        if (centerRewardsCoefficient != 0) {
            checks.refuse(
                    "center_rewards_coefficient",
                    "expected 0 with rows of steps, whose probabilities have a level, found "
                            + centerRewardsCoefficient);
        }
        if (ensembleSize != 1) {
            checks.refuse("ensemble_size", "expected 1 with rows of steps, found " + ensembleSize);
        }
    }

    /** Refuses what only rows of steps have a use for. */
    public void checkAnswers(Checks checks) {
        String rows = "expected none without rows of steps (prompt, completions, labels), found ";
        if (steps.trainOnLastStepOnly()) {
            checks.refuse("train_on_last_step_only", rows + true);
        }
        if (steps.stepSeparator() != null) {
            checks.refuse("step_separator", rows + '"' + steps.stepSeparator() + '"');
        }
    }

    /** What is learnt from pairs. */
    public BradleyTerryObjective ofPreferences() {
        return new BradleyTerryObjective(new BradleyTerryLoss(centerRewardsCoefficient));
    }

    /** What is learnt from ranked groups. */
    public RankedRewardObjective ofGroups() {
        return new RankedRewardObjective(lossType.loss(centerRewardsCoefficient));
    }

    /** What a model without a head gets. */
    public NewHeads heads(long seed) {
        return new NewHeads(ensembleSize, initHead, seed);
    }
}
