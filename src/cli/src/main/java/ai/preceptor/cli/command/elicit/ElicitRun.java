package ai.preceptor.cli.command.elicit;

import ai.preceptor.Preceptor;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.command.TeacherRun;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.RowFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a job of {@code elicit} works with.
 *
 * @param keys the command's
 * @param run its run directory
 * @param preceptor the device
 * @param asked the teacher that is asked in words; null where none is
 */
record ElicitRun(
        ElicitConfig keys,
        StageRun run,
        Preceptor preceptor,
        @Nullable TeacherRun asked) {
    /** The rows of {@code data} as prompts. */
    List<Prompt> prompts() {
        return run.rows(keys.data(), keys.teacher().rule().checked(Datasets::prompts));
    }

    /** The rows of {@code data} with their own answers. */
    List<Demonstration> answered() {
        return run.rows(
                keys.data(),
                (file, maxRows, onBadRow) ->
                        Datasets.demonstrations(file, maxRows, onBadRow).require(file, onBadRow, ElicitRun::problem));
    }

    private static Optional<String> problem(Demonstration row) {
        return row.prompt().text() instanceof Text.Chat chat && chat.messages().isEmpty()
                ? Optional.of("expected a prompt and a completion, found messages")
                : Optional.empty();
    }

    /** Prompts whose answers the teacher can score. */
    RowFormat.Reader<Prompt> scored() {
        return keys.teacher().judging().checked(keys.teacher().rule().checked(Datasets::prompts));
    }

    /** Where it prints. */
    Terminal terminal() {
        return run.terminal();
    }

    /** A file of the run directory. */
    Path path(String file) {
        return run.path(file);
    }

    /** The teacher that is asked in words, where the keys were checked for one. */
    TeacherRun requireAsked() {
        return Objects.requireNonNull(asked, "checked");
    }
}
