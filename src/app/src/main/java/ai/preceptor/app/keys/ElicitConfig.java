package ai.preceptor.app.keys;

import ai.preceptor.app.config.Checked;
import ai.preceptor.app.config.Checks;
import ai.preceptor.app.config.Group;
import ai.preceptor.app.config.Key;
import ai.preceptor.app.config.PathKind;
import ai.preceptor.teacher.elicit.PairRule;
import ai.preceptor.teacher.elicit.PreferenceSelection;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code elicit}. */
public record ElicitConfig(
        @Group(title = "Student") StudentKeys student,

        @Key(
                help = "who prefers: a reward model, a language model that scores by likelihood, or rule:NAME",
                required = true,
                path = PathKind.TEACHER)
        Path teacher,

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
        implements HasOutput, Checked {
    @Override
    public void check(Checks checks) {
        new Teacher(teacher).check(checks, "teacher");
    }

    @Override
    public @Nullable Path runDirectory() {
        return output.output();
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
            boolean margins) {

        /** As the elicitor takes it. */
        public PreferenceSelection selection() {
            return new PreferenceSelection(pairs, minGap, margins);
        }
    }
}
