package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A teacher's own answers to prompts, as rows to learn from.
 *
 * @param rows answers that say something, in the order of their prompts
 * @param prompts all of them
 * @param answers all of them
 * @param blank answers without a word, left out
 * @param missing answers that the teacher did not give, left out
 * @param unfinished rows that end at the token limit
 */
public record WrittenDemonstrations(
        List<Demonstration> rows, int prompts, int answers, int blank, int missing, int unfinished) {
    /** Copies the list. */
    public WrittenDemonstrations {
        rows = List.copyOf(rows);
    }

    /**
     * The rows that a teacher's answers make.
     *
     * @param answers a list for each prompt, as {@link AnswerSampler#sampleAll} gives them
     */
    public static WrittenDemonstrations of(List<Prompt> prompts, List<List<Completion>> answers) {
        List<Demonstration> rows = new ArrayList<>();
        int all = 0;
        int blank = 0;
        int missing = 0;
        int unfinished = 0;
        for (int i = 0; i < prompts.size(); i++) {
            Prompt prompt = prompts.get(i);
            for (Completion completion : answers.get(i)) {
                all++;
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
        return new WrittenDemonstrations(rows, prompts.size(), all, blank, missing, unfinished);
    }

    /** Answers that were left out. */
    public int leftOut() {
        return blank + missing;
    }

    /** One line. */
    public String summary() {
        return rows.size() + " demonstrations of " + answers + " answers to " + prompts + " prompts: " + blank
                + " blank, " + missing + " not given, " + unfinished + " truncated at the token limit";
    }

    /** The counts by their names. */
    public Map<String, Object> toRow() {
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
