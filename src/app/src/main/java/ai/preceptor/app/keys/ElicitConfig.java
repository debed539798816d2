package ai.preceptor.app.keys;

import ai.preceptor.Preceptor;
import ai.preceptor.app.config.Checked;
import ai.preceptor.app.config.Checks;
import ai.preceptor.app.config.Group;
import ai.preceptor.app.config.Key;
import ai.preceptor.app.config.PathKind;
import ai.preceptor.data.Scorer;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.teacher.elicit.PairRule;
import ai.preceptor.teacher.elicit.PreferenceSelection;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keys of {@code elicit}. */
public record ElicitConfig(
        @Group(title = "Student") StudentKeys student,

        @Group(title = "Teacher") TeacherKeys teacher,
        @Group(title = "Data") DataKeys data,
        @Group(title = "Run") OutputKeys output,

        @Key(help = "go on where an earlier run in output stopped", standard = "false")
        boolean resume,

        @Group(title = "Sampling") SamplingKeys sampling,

        @Key(help = "answers to each prompt", standard = "4", range = "[2, inf)")
        int numGenerations,

        @Key(help = "seed of sampling", standard = "42") long seed,
        @Group(title = "Preferences") SelectionKeys selection,
        @Group(title = "Device") DeviceKeys device)
        implements HasOutput {
    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }

    /** Who prefers: exactly one of these. */
    public record TeacherKeys(
            @Key(help = "a reward model, or a language model that scores by likelihood", path = PathKind.MODEL)
            @Nullable
            Path teacher,

            @Key(help = "instead: a rule that scores") @Nullable
            AnswerRule rule,

            @Group(title = "Served teacher") ServedTeacherKeys served)
            implements Checked {
        @Override
        public void check(Checks checks) {
            long given = Stream.of(teacher, rule, served.teacherUrl())
                    .filter(Objects::nonNull)
                    .count();
            if (given != 1) {
                checks.refuse("teacher", "expected exactly one of teacher, teacher_url and rule, found " + given);
            }
        }

        /** Opens it; not one that is served. */
        public Scorer open(Preceptor preceptor, LoadOptions options) {
            if (rule != null) {
                return rule.scorer();
            }
            return preceptor.scorer(Objects.requireNonNull(teacher, "checked"), options);
        }

        /** What it is called where its scores are kept. */
        public String label() {
            if (served.isGiven()) {
                return served.label();
            }
            return rule == null ? String.valueOf(teacher) : rule.scorer().name();
        }
    }

    /** What becomes of the scores. */
    public record SelectionKeys(
            @Key(help = "which pairs of a prompt's answers become preferences", standard = "best_worst")
            PairRule pairs,

            @Key(
                    help = "least difference of scores in a pair, in the teacher's units",
                    standard = "0",
                    range = "[0, inf)")
            double minGap,

            @Key(help = "whether a pair carries the difference of its scores as its margin", standard = "false")
            boolean margins,

            @Key(
                    help = "pairs carry how sure the teacher is, chosen_probability: the logistic function of the"
                            + " difference of scores over this",
                    range = "(0, inf)")
            @Nullable
            Double probabilityTemperature) {

        /** As the elicitor takes it. */
        public PreferenceSelection selection() {
            return new PreferenceSelection(pairs, minGap, margins, probabilityTemperature);
        }
    }
}
