package ai.preceptor.cli.command;

import ai.preceptor.cli.console.PromptsShown;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.teacher.demonstration.DemonstrationRows;
import ai.preceptor.teacher.elicit.AnswerSampler;
import ai.preceptor.teacher.elicit.RowCounter;
import ai.preceptor.teacher.elicit.RowCounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Prompts that a teacher answers, for rows to learn from. Neither prompts nor answers need fit in memory.
 *
 * @param prompts as the rows have them
 * @param shown as the teacher reads them, one for each
 * @param rows which answers become rows
 * @param interrupted what to tell a person who interrupts
 * @param none what to tell if no answer becomes a row
 */
public record AnsweredPrompts(
        List<Prompt> prompts,
        List<Prompt> shown,
        DemonstrationRows rows,
        String interrupted,
        Function<RowCounts, String> none) {
    /**
     * Writes the rows, batch by batch, and tells how far it is.
     *
     * @param file replaced when all prompts are answered
     * @param sampler the teacher
     * @throws DataException if there is no row; the file is left as it was
     */
    public RowCounts write(Path file, AnswerSampler sampler, Terminal terminal) {
        List<RowCounts> counts = new ArrayList<>();
        RowFormat.DEMONSTRATIONS.writeEach(file, out -> {
            RowCounter<Demonstration> counter = DemonstrationRows.counter(out);
            try (PromptsShown progress =
                    new PromptsShown(terminal, "teacher", "prompts answered", done -> interrupted)) {
                sampler.sampleEach(
                        shown,
                        progress,
                        (from, answers) -> rows.add(prompts.subList(from, from + answers.size()), answers, counter));
            }
            counts.add(counter.counts());
            if (counter.counts().rows() == 0) {
                throw new DataException(none.apply(counter.counts()));
            }
        });
        return counts.get(0);
    }
}
