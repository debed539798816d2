package ai.preceptor.teacher.elicit;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The account of every answer that rows were made of: it is a row or was left out, with the reason.
 *
 * @param name what the rows are, in the plural: {@code demonstrations}, {@code preferences}
 * @param rows how many there are
 * @param prompts all of them
 * @param answers all of them
 * @param leftOut how many were left out, by reason
 * @param unfinished answers truncated at the token limit, regardless of their outcome
 */
public record RowCounts(
        String name, int rows, int prompts, int answers, Map<LeftOut, Integer> leftOut, int unfinished) {

    /** Copies the map. */
    public RowCounts {
        Map<LeftOut, Integer> counts = new EnumMap<>(LeftOut.class);
        counts.putAll(leftOut);
        leftOut = Collections.unmodifiableMap(counts);
    }

    /** How many were left out for a reason. */
    public int count(LeftOut reason) {
        return leftOut.getOrDefault(reason, 0);
    }

    /** Answers that were left out. */
    public int leftOutCount() {
        return leftOut.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** One line. */
    public String summary() {
        StringBuilder line = new StringBuilder();
        line.append(rows).append(' ').append(name).append(" of ").append(answers);
        line.append(" answers to ").append(prompts).append(" prompts: ");
        leftOut.forEach((reason, count) ->
                line.append(count).append(' ').append(reason.words()).append(", "));
        return line.append(unfinished).append(" truncated at the token limit").toString();
    }

    /** The counts by their names. */
    public Map<String, Object> toRow() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("prompts", prompts);
        row.put("answers", answers);
        leftOut.forEach((reason, count) -> row.put("answers/" + reason.label(), count));
        row.put("answers/unfinished", unfinished);
        row.put(name, rows);
        return row;
    }
}
