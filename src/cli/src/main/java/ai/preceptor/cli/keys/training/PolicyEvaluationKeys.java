package ai.preceptor.cli.keys.training;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.policy.evaluation.HeldOutSettings;
import ai.preceptor.train.TrainConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Evaluation on held-out prompts during the run. */
public record PolicyEvaluationKeys(
        @Key(
                help = "held-out prompts on which the policy is evaluated during the run",
                path = PathKind.ROWS,
                effect = KeyEffect.REVISABLE)
        @Nullable
        Path evalData,

        @Group(title = "Evaluation during the run") HeldOutSettings settings) {
    /** Steps between evaluations where answers are sampled, unless given. */
    static final String EVAL_STEPS = "50";

    /** Refuses settings of an evaluation without prompts. */
    static void check(@Nullable Path evalData, TrainConfig training, HeldOutSettings settings, Checks checks) {
        if (evalData == null) {
            HeldOutKeys.refuse(
                    "expected a file, required by ", EVAL_STEPS, List.of(training.evaluation(), settings), checks);
        }
    }

    /**
     * Refuses what computes steps of sampling, if nothing is sampled beside recorded answers.
     *
     * @param recorded the file of these
     * @param greedy whether greedy answers are sampled
     */
    static void checkSteps(
            DecodeSettings decode, Path recorded, @Nullable Path evalData, boolean greedy, Checks checks) {
        if (decode.rolloutDtype() != null && evalData == null && !greedy) {
            checks.refuse(
                    "rollout_dtype",
                    "expected none where rollouts is given (" + recorded + ") and nothing is sampled (no eval_data, no"
                            + " greedy answers), found " + decode.value());
        }
    }

    /** Refuses held-out prompts beside recorded answers, if nothing scores. */
    static void checkScorer(ScorerKeys scorer, @Nullable Path evalData, Checks checks) {
        if (!scorer.isGiven() && evalData != null) {
            checks.refuse(
                    "reward_model",
                    "expected one of reward_model, teacher, teacher_url and rule, since answers to eval_data have no"
                            + " recorded score, found none");
        }
    }
}
