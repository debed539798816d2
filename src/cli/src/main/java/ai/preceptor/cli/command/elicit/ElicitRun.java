package ai.preceptor.cli.command.elicit;

import ai.preceptor.Preceptor;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.command.TeacherRun;
import ai.preceptor.cli.command.workers.Chunks;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.teacher.elicit.AnswerBatch;
import ai.preceptor.teacher.elicit.Elicited;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a job of {@code elicit} works with.
 *
 * @param keys the command's
 * @param run its run directory
 * @param preceptor the device
 * @param asked the teacher that is asked in words; null where none is
 * @param decode what computes steps of models that write here
 * @param workers who answer as the student in its place; null for nobody
 */
record ElicitRun(
        ElicitConfig keys,
        StageRun run,
        Preceptor preceptor,
        @Nullable TeacherRun asked,
        DecodeSettings decode,
        @Nullable Chunks<AnswerBatch, List<Elicited>> workers) {
    /** Where it prints. */
    Terminal terminal() {
        return run.terminal();
    }

    /** A file of the run directory. */
    Path path(String file) {
        return run.path(file);
    }

    /** Whether workers score, and nobody here does. */
    boolean workersScore() {
        return workers != null && keys.workersScore();
    }

    /** The teacher that is asked in words, where the keys were checked for one. */
    TeacherRun requireAsked() {
        return Objects.requireNonNull(asked, "checked");
    }
}
