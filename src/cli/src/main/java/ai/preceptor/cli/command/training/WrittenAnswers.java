package ai.preceptor.cli.command.training;

import ai.preceptor.cli.console.ProgressLine;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.data.Completion;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.Prompt;
import ai.preceptor.teacher.elicit.AnswerSampler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A teacher's own answers to prompts, as rows to learn from, and an account of those that are none. */
final class WrittenAnswers {
    /** Prompts between two signs of progress. Fixed, because what is drawn depends on it. */
    static final int CHUNK = 64;

    private final List<Demonstration> rows = new ArrayList<>();
    private int prompts;
    private int answers;
    private int blank;
    private int missing;
    private int unfinished;

    /**
     * Has prompts answered.
     *
     * @param sampler the teacher
     * @param interrupted what to tell a person who interrupts
     * @throws InterruptedRunException between two chunks
     */
    static WrittenAnswers of(List<Prompt> prompts, AnswerSampler sampler, Terminal terminal, String interrupted) {
        WrittenAnswers written = new WrittenAnswers();
        ProgressLine progress = new ProgressLine(terminal, "teacher", System::nanoTime);
        try {
            for (int from = 0; from < prompts.size(); from += CHUNK) {
                if (terminal.interrupt().isRequested()) {
                    throw new InterruptedRunException(interrupted);
                }
                int to = Math.min(prompts.size(), from + CHUNK);
                List<Prompt> some = prompts.subList(from, to);
                List<List<Completion>> answers = sampler.sample(some, from / CHUNK);
                for (int i = 0; i < some.size(); i++) {
                    written.add(some.get(i), answers.get(i));
                }
                progress.update(to, prompts.size(), "prompts answered");
            }
        } finally {
            progress.close();
        }
        return written;
    }

    private void add(Prompt prompt, List<Completion> completions) {
        prompts++;
        for (Completion completion : completions) {
            answers++;
            if (completion.finishReason() == FinishReason.CANCELLED) {
                missing++;
            } else if (completion.text().isBlank()) {
                blank++;
            } else {
                unfinished += completion.finishReason() == FinishReason.LENGTH ? 1 : 0;
                rows.add(new Demonstration(prompt, prompt.reply(completion.text())));
            }
        }
    }

    /** Answers that say something, in the order of their prompts. */
    List<Demonstration> rows() {
        return rows;
    }

    /** Answers that were left out. */
    int leftOut() {
        return blank + missing;
    }

    /** One line. */
    String summary() {
        return rows.size() + " demonstrations of " + answers + " answers to " + prompts + " prompts: " + blank
                + " blank, " + missing + " not given, " + unfinished + " truncated at the token limit";
    }

    /** The counts by their names. */
    Map<String, Object> toRow() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("prompts", prompts);
        row.put("answers", answers);
        row.put("answers/blank", blank);
        row.put("answers/missing", missing);
        row.put("answers/unfinished", unfinished);
        row.put("demonstrations", rows.size());
        return row;
    }
}
