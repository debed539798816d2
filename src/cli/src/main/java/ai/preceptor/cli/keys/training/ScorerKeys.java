package ai.preceptor.cli.keys.training;

import ai.preceptor.RewardReading;
import ai.preceptor.cli.keys.CallKeys;
import ai.preceptor.cli.keys.ReadingKeys;
import ai.preceptor.cli.keys.RuleKeys;
import ai.preceptor.cli.keys.TeacherPanel;
import ai.preceptor.cli.keys.UnusedKeys;
import ai.preceptor.data.Prompted;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.teacher.judge.JudgeSettings;
import ai.preceptor.teacher.served.ServedTeacherSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The scorer of sampled answers: one of these, or several with weights. */
public record ScorerKeys(
        @Key(
                help = "reward model that scores the answers; several form an ensemble and are averaged",
                path = PathKind.MODEL)
        @Nullable
        List<Path> rewardModel,

        @Group(title = "Rewards") RewardReading reading,

        @Key(
                help = "teacher that scores the answers: by reward, by likelihood or, with teacher_mode, in words; "
                        + "several of the latter are averaged",
                path = PathKind.MODEL)
        @Nullable
        List<Path> teacher,

        @Group(title = "Rewards") RuleKeys rule,

        @Key(
                help = "weights of several scorers in the order reward_model, teacher, teacher_url, rule; the "
                        + "reward is the weighted sum")
        @Nullable
        List<Double> rewardWeights,

        @Group(title = "Teacher that judges in words") JudgeSettings judging,
        @Group(title = "Served teacher") ServedTeacherSettings served)
        implements Checked {
    @Override
    public void check(Checks checks) {
        TeacherPanel.check(teacher, served, judging, checks);
        UnusedKeys.refuse(reading, ReadingKeys.unused(rewardModel != null), checks);
        if (served.isGiven() && teacher != null && teacher.size() > 1) {
            checks.refuse(
                    "teacher",
                    "expected one with teacher_url, whose teacher_mode is the server's, found " + teacher.size());
        }
        long given = given();
        if (rewardModel != null && rewardModel.isEmpty()) {
            checks.refuse("reward_model", "expected at least one, found []");
        } else if (rewardWeights != null && rewardWeights.size() != given) {
            checks.refuse(
                    "reward_weights",
                    "expected one for each of reward_model, teacher, teacher_url and rule that is given (" + given
                            + "), found " + rewardWeights.size());
        } else if (given > 1 && rewardWeights == null) {
            checks.refuse(
                    "reward_model",
                    "expected exactly one of reward_model, teacher, teacher_url and rule, or reward_weights, found "
                            + given);
        }
    }

    /**
     * Refuses keys of calls where nobody is called.
     *
     * @param other another server that these keys are for; null if the command has none
     */
    void checkCalls(@Nullable DistillServerKeys other, Checks checks) {
        String needed = other == null ? "teacher_url" : "teacher_url or distill_teacher_url";
        boolean server = served.isGiven() || (other != null && other.isGiven());
        new CallKeys(server, teacher != null && judging.teacherMode() != null, needed)
                .check(List.of(served, judging), checks);
    }

    /** Rows of whose answers the scorer can score some; another is a bad row. */
    public <R extends Prompted> RowFormat.Reader<R> checked(RowFormat.Reader<R> reader) {
        return judging.checked(rule.checked(reader));
    }

    /** Whether one of them may score steps: a process reward model, or a user's own. Reads the models' configurations. */
    public boolean mayScoreSteps() {
        return rule.isOwn()
                || Stream.of(rewardModel, teacher)
                        .filter(Objects::nonNull)
                        .flatMap(List::stream)
                        .anyMatch(directory -> ModelSource.of(directory).process());
    }

    /**
     * Refuses what no model of steps is there for; reads the models' configurations.
     *
     * @throws ai.preceptor.data.ConfigurationException if {@code step_aggregation} would do nothing
     */
    public void requireReading() {
        reading.requireSteps(Objects.requireNonNullElse(rewardModel, List.of()));
    }

    private long given() {
        return Stream.of(rewardModel, teacher, served.teacherUrl(), rule.rule())
                .filter(Objects::nonNull)
                .count();
    }

    /** Whether there is one. Recorded answers and {@code algorithm=opd} need none. */
    public boolean isGiven() {
        return given() > 0;
    }
}
