package ai.preceptor.cli.command.elicit;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.data.source.LazyRows;
import ai.preceptor.teacher.elicit.CollectedAnswers;
import ai.preceptor.teacher.elicit.Elicited;
import ai.preceptor.teacher.elicit.WrittenRows;
import ai.preceptor.teacher.selection.AnswerHint;
import ai.preceptor.teacher.selection.AnswerSelection;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Demonstrations selected from a student's answers, and from its answers to prompts with a hint.
 *
 * @param elicit the run
 * @param students who answers again
 * @param teacher who scores again
 * @param groups what was answered first
 */
record SelectedRows(ElicitRun elicit, StudentAnswers students, Scorer teacher, List<Elicited> groups) {
    /** Batches of the first try are never as many. */
    private static final long HINT_STREAM = 1L << 40;

    /**
     * Writes them.
     *
     * @param figures where their counts go
     * @throws DataException if there are none
     */
    WrittenRows<Demonstration> write(Map<String, @Nullable Object> figures) {
        AnswerSelection selection = elicit.keys().choosing().answers();
        WrittenRows<Demonstration> first = selection.demonstrations(groups);
        List<Demonstration> hinted = List.of();
        figures.putAll(first.toRow());
        List<Integer> open = elicit.keys().choosing().hintRetry() ? selection.unanswered(groups) : List.of();
        if (!open.isEmpty()) {
            WrittenRows<Demonstration> second = selection.demonstrations(hinted(open));
            hinted = second.as(AnswerHint::marked).rows();
            second.toRow().forEach((name, count) -> figures.put("hint/" + name, count));
            elicit.terminal().out().println("with a hint: " + second.summary());
        }
        int count = first.rows().size() + hinted.size();
        if (count == 0) {
            throw new DataException(
                    "elicitation with " + teacher.name() + ": nothing to learn from: " + first.summary());
        }
        figures.put("demonstrations", count);
        List<Demonstration> others = hinted;
        Path file = elicit.path(ElicitCommand.DEMONSTRATIONS);
        RowFormat.DEMONSTRATIONS.writeEach(file, out -> {
            first.rows().forEach(out);
            others.forEach(out);
        });
        elicit.terminal().out().println("rows    " + file);
        return first;
    }

    private List<Elicited> hinted(List<Integer> open) {
        AnswerHint hint = elicit.keys().choosing().hint();
        List<Prompt> prompts = new LazyRows<>(
                open.size(), i -> hint.hinted(groups.get(open.get(i)).prompt()));
        CollectedAnswers again = students.again(prompts, teacher, "hint", HINT_STREAM, "hint " + hint);
        return new LazyRows<>(
                open.size(),
                i -> AnswerHint.stripped(
                        groups.get(open.get(i)).prompt(), again.rows().get(i)));
    }
}
