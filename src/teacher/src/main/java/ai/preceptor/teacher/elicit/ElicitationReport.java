package ai.preceptor.teacher.elicit;

import ai.preceptor.data.rows.ReadReport;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The outcome of every prompt and every answer.
 *
 * @param prompts how many had which outcome
 * @param answers how many had which outcome
 * @param preferences pairs that were made
 * @param unfinished answers truncated at the token limit, regardless of their outcome
 * @param resumed prompts whose answers came from a ledger, whole or in part
 * @param problems the teacher's reasons for giving no score, and how often it gave each
 * @param parts mean of each part of the scores, by its name, over the answers that have it
 */
public record ElicitationReport(
        Map<GroupOutcome, Integer> prompts,
        Map<AnswerOutcome, Integer> answers,
        int preferences,
        int unfinished,
        int resumed,
        Map<String, Integer> problems,
        Map<String, Double> parts) {

    /** Copies the maps; an outcome that is missing has the count 0. */
    public ElicitationReport {
        prompts = Collections.unmodifiableMap(complete(GroupOutcome.class, prompts));
        answers = Collections.unmodifiableMap(complete(AnswerOutcome.class, answers));
        problems = Collections.unmodifiableMap(new LinkedHashMap<>(problems));
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /** Of scores without parts. */
    public ElicitationReport(
            Map<GroupOutcome, Integer> prompts,
            Map<AnswerOutcome, Integer> answers,
            int preferences,
            int unfinished,
            int resumed,
            Map<String, Integer> problems) {
        this(prompts, answers, preferences, unfinished, resumed, problems, Map.of());
    }

    /** The same with another number of pairs. */
    ElicitationReport withPreferences(int pairs) {
        return new ElicitationReport(prompts, answers, pairs, unfinished, resumed, problems, parts);
    }

    private static <E extends Enum<E>> Map<E, Integer> complete(Class<E> outcomes, Map<E, Integer> counts) {
        Map<E, Integer> all = new EnumMap<>(outcomes);
        for (E outcome : outcomes.getEnumConstants()) {
            all.put(outcome, counts.getOrDefault(outcome, 0));
        }
        return all;
    }

    /** Prompts that had an outcome. */
    public int count(GroupOutcome outcome) {
        return prompts.getOrDefault(outcome, 0);
    }

    /** Answers that had an outcome. */
    public int count(AnswerOutcome outcome) {
        return answers.getOrDefault(outcome, 0);
    }

    /** All prompts. */
    public int promptCount() {
        return sum(prompts);
    }

    /** All answers. */
    public int answerCount() {
        return sum(answers);
    }

    private static int sum(Map<?, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** For {@code summary.json}; names are on the metrics page. */
    public Map<String, Object> toRow() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("prompts", promptCount());
        prompts.forEach((outcome, count) -> row.put("prompts/" + outcome.label(), count));
        row.put("answers", answerCount());
        answers.forEach((outcome, count) -> row.put("answers/" + outcome.label(), count));
        row.put("answers/unfinished", unfinished);
        row.put("preferences", preferences);
        row.put("resumed", resumed);
        parts.forEach((name, mean) -> row.put("judge/" + name, mean));
        return row;
    }

    /** The account of the prompts in the form of a file's: kept are those that became groups. */
    public ReadReport account() {
        Map<String, Integer> dropped = new LinkedHashMap<>();
        prompts.forEach((outcome, count) -> {
            if (outcome != GroupOutcome.KEPT && count > 0) {
                dropped.put(outcome.label(), count);
            }
        });
        return new ReadReport(promptCount(), count(GroupOutcome.KEPT), dropped, List.of());
    }

    /** One line for a log. */
    public String summary() {
        StringBuilder line = new StringBuilder();
        line.append(preferences)
                .append(" preferences of ")
                .append(promptCount())
                .append(" prompts");
        prompts.forEach((outcome, count) -> append(line, outcome.label(), count));
        line.append("; ").append(answerCount()).append(" answers");
        answers.forEach((outcome, count) -> append(line, outcome.label(), count));
        append(line, "unfinished", unfinished);
        problems.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .ifPresent(most -> line.append("; no score mostly because: ").append(most.getKey()));
        return line.toString();
    }

    private static void append(StringBuilder line, String label, int count) {
        if (count > 0) {
            line.append(", ").append(count).append(' ').append(label);
        }
    }
}
