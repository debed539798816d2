package ai.preceptor.cli.command.elicit;

import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.keys.elicit.SelectionKeys;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.teacher.selection.AnswerHint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The rows of {@code data}, read before a model loads: a bad one is refused with its file and line, or skipped, by {@code
 * on_bad_row}. A row with a column of a name that the run writes is bad, so none is overwritten.
 *
 * @param keys the command's
 * @param run its run directory
 */
record ElicitRows(ElicitConfig keys, StageRun run) {
    /** Prompts, whose own answers the rule can compare if there is a rule. */
    List<Prompt> prompts() {
        return read(ruled(), ElicitRows::fine, Function.identity());
    }

    /** Prompts whose answers the teacher can score. None lacks what the rule, a rubric or a hint needs. */
    List<Prompt> scored() {
        boolean hints = keys.choosing().hintRetry();
        return read(
                keys.teacher().judging().checked(ruled()),
                row -> hints ? AnswerHint.problem(row) : Optional.empty(),
                Function.identity());
    }

    /** Prompts with their own answers. */
    List<Demonstration> answered() {
        return read(Datasets::demonstrations, ElicitRows::unanswered, Demonstration::prompt);
    }

    /** Prompts of one message. */
    List<Prompt> seeds() {
        return read(Datasets::prompts, ElicitRows::severalMessages, Function.identity());
    }

    private <R> List<R> read(
            RowFormat.Reader<R> reader, Function<R, Optional<String>> problem, Function<R, Prompt> prompt) {
        Set<String> written = written();
        return run.rows(keys.data(), (file, maxRows, onBadRow) -> {
            Dataset<R> rows = reader.read(file, maxRows, onBadRow);
            return rows.require(
                    file, onBadRow, row -> problem.apply(row).or(() -> overwritten(prompt.apply(row), written)));
        });
    }

    private RowFormat.Reader<Prompt> ruled() {
        return keys.teacher().rule().checked(Datasets::prompts);
    }

    private static Optional<String> fine(Prompt row) {
        return Optional.empty();
    }

    private static Optional<String> unanswered(Demonstration row) {
        return row.prompt().text() instanceof Text.Chat chat && chat.messages().isEmpty()
                ? Optional.of("expected a prompt and a completion, found messages")
                : Optional.empty();
    }

    private static Optional<String> severalMessages(Prompt seed) {
        return seed.text() instanceof Text.Chat chat && chat.messages().size() > 1
                ? Optional.of("expected a prompt of one message with kind=prompts, found "
                        + chat.messages().size())
                : Optional.empty();
    }

    private static Optional<String> overwritten(Prompt row, Set<String> written) {
        return written.stream()
                .filter(row.columns()::containsKey)
                .findFirst()
                .map(column ->
                        "column \"" + column + "\": expected none of this name, which the run writes; rename it");
    }

    /** The columns that the run writes beside those of a row. */
    private Set<String> written() {
        boolean several = keys.student().count() > 1;
        Set<String> written = new TreeSet<>();
        switch (keys.kind()) {
            case PREFERENCES -> {
                written.addAll(selected(keys.choosing(), several));
                written.addAll(several ? List.of("models", "chosen_model", "rejected_model") : List.of());
                if (keys.teacher().isAsked()) {
                    written.add("critiques");
                    List<String> models = ElicitCommand.asking(keys).names();
                    written.addAll(
                            models.size() > 1
                                    ? models
                                    : keys.teacher().judging().parts());
                }
            }
            case DEMONSTRATIONS ->
                written.addAll(keys.demonstrations().cot() ? List.of("rationale", "final_answer") : List.of());
            case CORRECTIONS -> {
                written.addAll(List.of("principles", "critiques"));
                written.addAll(several ? List.of("model") : List.of());
            }
            case PROMPTS -> {}
        }
        return written;
    }

    private static List<String> selected(SelectionKeys choosing, boolean several) {
        if (!choosing.answers().isGiven()) {
            return List.of();
        }
        List<String> score = choosing.hintRetry() ? List.of("score", AnswerHint.COLUMN) : List.of("score");
        return several ? List.of("score", "model") : score;
    }
}
