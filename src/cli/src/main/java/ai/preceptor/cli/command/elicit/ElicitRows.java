package ai.preceptor.cli.command.elicit;

import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.teacher.selection.AnswerHint;
import java.util.List;
import java.util.Optional;

/**
 * The rows of {@code data}, read before a model loads: a bad one is refused with its file and line, or skipped, by {@code
 * on_bad_row}.
 *
 * @param keys the command's
 * @param run its run directory
 */
record ElicitRows(ElicitConfig keys, StageRun run) {
    /** Prompts, whose own answers the rule can compare if there is a rule. */
    List<Prompt> prompts() {
        return run.rows(keys.data(), ruled());
    }

    /** Prompts whose answers the teacher can score. None lacks what the rule, a rubric or a hint needs. */
    List<Prompt> scored() {
        RowFormat.Reader<Prompt> reader = keys.teacher().judging().checked(ruled());
        if (!keys.choosing().hintRetry()) {
            return run.rows(keys.data(), reader);
        }
        return run.rows(
                keys.data(),
                (file, maxRows, onBadRow) ->
                        reader.read(file, maxRows, onBadRow).require(file, onBadRow, AnswerHint::problem));
    }

    /** Prompts with their own answers. */
    List<Demonstration> answered() {
        return run.rows(
                keys.data(),
                (file, maxRows, onBadRow) ->
                        Datasets.demonstrations(file, maxRows, onBadRow).require(file, onBadRow, ElicitRows::problem));
    }

    private RowFormat.Reader<Prompt> ruled() {
        return keys.teacher().rule().checked(Datasets::prompts);
    }

    private static Optional<String> problem(Demonstration row) {
        return row.prompt().text() instanceof Text.Chat chat && chat.messages().isEmpty()
                ? Optional.of("expected a prompt and a completion, found messages")
                : Optional.empty();
    }
}
