package ai.preceptor.teacher.prompts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The prompts that a run made.
 *
 * @param kept new prompts, in the order made; copied
 * @param leftOut the others; copied
 * @param counts how many had which outcome; copied
 * @param questions that were asked
 * @param ending in words, why the run ended
 */
public record PromptsMade(
        List<MadePrompt> kept,
        List<LeftOutPrompt> leftOut,
        Map<PromptOutcome, Integer> counts,
        int questions,
        String ending) {
    /** Copies all. */
    public PromptsMade {
        kept = List.copyOf(kept);
        leftOut = List.copyOf(leftOut);
        counts = Map.copyOf(counts);
    }

    /** What a pool came to. */
    static PromptsMade of(PromptPool pool, int questions, String ending) {
        Map<PromptOutcome, Integer> counts = new LinkedHashMap<>();
        for (PromptOutcome outcome : PromptOutcome.values()) {
            counts.put(outcome, pool.count(outcome));
        }
        return new PromptsMade(pool.kept(), pool.leftOut(), counts, questions, ending);
    }

    /** Prompts that were made, kept or not. */
    public int generated() {
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        return all - counts.getOrDefault(PromptOutcome.UNANSWERED, 0);
    }

    /** For {@code summary.json}; names are on the metrics page. */
    public Map<String, Object> toRow() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("prompts/generated", generated());
        for (PromptOutcome outcome : PromptOutcome.values()) {
            row.put("prompts/" + outcome.label(), counts.getOrDefault(outcome, 0));
        }
        row.put("prompts/questions", questions);
        return row;
    }

    /** One line. */
    public String summary() {
        StringBuilder line = new StringBuilder()
                .append(kept.size())
                .append(" prompts of ")
                .append(generated())
                .append(" generated");
        for (PromptOutcome outcome : PromptOutcome.values()) {
            int count = counts.getOrDefault(outcome, 0);
            if (outcome != PromptOutcome.KEPT && count > 0) {
                line.append(", ").append(count).append(' ').append(outcome.label());
            }
        }
        return line.append("; ")
                .append(questions)
                .append(" questions; ")
                .append(ending)
                .toString();
    }
}
