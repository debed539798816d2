package ai.preceptor.cli.keys.inference;

import ai.preceptor.RewardReading;
import ai.preceptor.cli.keys.CallKeys;
import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.HasOutput;
import ai.preceptor.cli.keys.OutputKeys;
import ai.preceptor.cli.keys.PluginKeys;
import ai.preceptor.cli.keys.TeacherPanel;
import ai.preceptor.cli.keys.ToolUseKeys;
import ai.preceptor.cli.keys.UnusedKeys;
import ai.preceptor.cli.keys.known.KnownModels;
import ai.preceptor.cli.keys.watch.HasMeters;
import ai.preceptor.cli.keys.watch.MeterKeys;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.teacher.judge.JudgeSettings;
import ai.preceptor.teacher.served.ServedTeacherSettings;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys of {@code eval}. */
public record EvalConfig(
        @Key(
                help = "students to evaluate on prompts, or one reward model to evaluate on pairs",
                required = true,
                path = PathKind.MODEL)
        List<Path> model,

        @Key(help = "element type of matrix products", defaultValue = "float32")
        Precision dtype,

        @Group(title = "Judges") JudgeKeys judges,
        @Group(title = "Your own parts") PluginKeys plugins,
        @Group(title = "Tools") ToolUseKeys tools,
        @Group(title = "Data") DataKeys data,
        @Group(title = "Run") OutputKeys output,

        @Key(help = "reuse the results of an earlier run in output", defaultValue = "false", effect = KeyEffect.NONE)
        boolean resume,

        @Group(title = "Sampling") SamplingSettings sampling,

        @Key(help = "answers per prompt", defaultValue = "1", range = "[1, 65536]")
        int numGenerations,

        @Key(
                help =
                        "also measure best-of-n of the baseline: of n answers to a prompt the one with the highest reward by "
                                + "reward_model; [2, 4, 16] measures each",
                defaultText = "no best-of-n",
                range = "[2, 4096]")
        @Nullable
        List<Integer> bestOf,

        @Key(help = "seed for sampling", defaultValue = "42")
        long seed,

        @Group(title = "Steps of sampling") DecodeSettings decode,
        @Group(title = "Meters") MeterKeys meters,
        @Group(title = "Device") DeviceKeys device)
        implements HasOutput, HasMeters, Checked {
    /** Every model answers, and the baseline too; a reward model needs no length. */
    @Override
    public void check(Checks checks) {
        KnownModels.checkAnswers(model, sampling, checks);
        if (judges.baseline() != null) {
            KnownModels.checkAnswers(List.of(judges.baseline()), sampling, checks);
        }
        Map<String, String> unused = EvalUse.of(this, checks).unused();
        List.of(judges, tools, sampling, decode).forEach(group -> UnusedKeys.refuse(group, unused, checks));
        if (numGenerations != 1) {
            UnusedKeys.refuse("num_generations", numGenerations, unused, checks);
        }
        if (bestOf != null) {
            UnusedKeys.refuse("best_of", bestOf, unused, checks);
            checkBestOf(checks);
        }
    }

    private void checkBestOf(Checks checks) {
        if (judges.baseline() == null) {
            checks.refuse("best_of", "expected a baseline to sample from, found none");
        }
        if (judges.rewardModel() == null) {
            checks.refuse("best_of", "expected a reward_model to choose by, found none");
        }
        if (sampling.isGreedy()) {
            checks.refuse("best_of", "expected a temperature above 0, with which answers differ, found 0");
        }
        if (new HashSet<>(sizes()).size() < sizes().size()) {
            checks.refuse("best_of", "expected different numbers, found " + sizes());
        }
    }

    /** Every n of which best-of-n is measured. */
    public List<Integer> sizes() {
        return bestOf == null ? List.of() : bestOf;
    }

    /** How every model is loaded: to be run only. */
    public LoadOptions frozen() {
        return new LoadOptions(dtype, false);
    }

    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }

    /** What the answers are measured by; what is left out is not measured. */
    public record JudgeKeys(
            @Key(help = "model before training: baseline for win rate and KL", path = PathKind.MODEL) @Nullable
            Path baseline,

            @Key(
                    help = "judge: a reward model, or a language model that scores by likelihood or, with "
                            + "teacher_mode, in words; several of the latter are averaged",
                    path = PathKind.MODEL)
            @Nullable
            List<Path> teacher,

            @Key(help = "reward model whose mean reward is reported", path = PathKind.MODEL) @Nullable
            Path rewardModel,

            @Group(title = "Rewards") RewardReading reading,

            @Key(help = "held-out pairs, to measure the accuracy of reward_model", path = PathKind.ROWS) @Nullable
            Path pairs,

            @Key(
                    help = "column of the pairs for accuracy by subset",
                    defaultText = "subset or source",
                    effect = KeyEffect.REVISABLE)
            @Nullable
            String subsetColumn,

            @Key(
                    help = "teacher to compare the reward model's preferences with: a reward model, or a language "
                            + "model scoring by likelihood",
                    path = PathKind.MODEL)
            @Nullable
            Path agreementTeacher,

            @Group(title = "Rewards") EvalRuleKeys rules,

            @Group(title = "Teacher that judges in words") JudgeSettings judging,
            @Group(title = "Served teacher") ServedTeacherSettings served)
            implements Checked {
        @Override
        public void check(Checks checks) {
            if (teacher != null && baseline == null) {
                checks.refuse("teacher", "expected a baseline to compare with, found none");
            }
            if (served.isGiven() && baseline == null) {
                checks.refuse("teacher_url", "expected a baseline to compare with, found none");
            }
            if (served.isGiven() && teacher != null && judging.teacherMode() == null) {
                checks.refuse(
                        "teacher_url", "expected a teacher or a teacher_url, or both with a teacher_mode, found both");
            }
            TeacherPanel.check(teacher, served, judging, checks);
            CallKeys.of(served, teacher != null && judging.teacherMode() != null)
                    .check(List.of(served, judging), checks);
            if (pairs != null && rewardModel == null) {
                checks.refuse("pairs", "expected a reward_model to measure on them, found none");
            }
        }
    }
}
