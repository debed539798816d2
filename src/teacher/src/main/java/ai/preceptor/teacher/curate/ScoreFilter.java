package ai.preceptor.teacher.curate;

import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.teacher.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Drops rows by their scores: the best of them, and the gap from the best to the worst.
 *
 * <p>The scores are those of the given column, a number or a list of numbers. Without a column they are a ranked group's
 * {@code scores}, a preference's columns {@code score_chosen} and {@code score_rejected}, and another row's column {@code
 * score}. The gap of a preference without these columns is its {@code margin}. A row without the number that a bound asks for,
 * or with one that is not finite, is dropped as {@code no_score}.
 *
 * @param column where the scores are, or null
 * @param minScore least best score, or null for any
 * @param maxScore greatest best score, or null for any
 * @param minGap least gap, or null for any
 * @param maxGap greatest gap, or null for any
 */
public record ScoreFilter(
        @Nullable String column,
        @Nullable Double minScore,
        @Nullable Double maxScore,
        @Nullable Double minGap,
        @Nullable Double maxGap)
        implements RowFilter {
    @Override
    public String name() {
        return "scores";
    }

    @Override
    public List<@Nullable Drop> judge(List<SourceRow> rows) {
        List<@Nullable Drop> verdicts = new ArrayList<>();
        rows.forEach(row -> verdicts.add(judge(row)));
        return verdicts;
    }

    private @Nullable Drop judge(SourceRow row) {
        List<@Nullable Double> scores = scores(row);
        boolean whole = !scores.isEmpty() && scores.stream().allMatch(score -> score != null && Double.isFinite(score));
        Double best = whole ? most(scores, 1) : null;
        Double gap =
                whole && scores.size() > 1 ? Double.valueOf(Scores.rounded(most(scores, 1) + most(scores, -1))) : null;
        if (gap == null && column == null) {
            gap = row.margin();
        }
        Drop drop = bound("score", best, minScore, maxScore, row);
        return drop == null ? bound("gap", gap, minGap, maxGap, row) : drop;
    }

    /** What a row would need for a score or gap. */
    private String missing(String what, SourceRow row) {
        boolean gap = what.equals("gap");
        if (column != null) {
            return "no finite number" + (gap ? "s" : "") + " in column " + column;
        }
        return switch (row.kind()) {
            case RANKED -> "no finite scores";
            case PREFERENCES ->
                "no finite numbers in columns score_chosen and score_rejected"
                        + (gap ? ", and no margin, which elicit writes with margins=true" : "");
            case UNPAIRED, DEMONSTRATIONS, PROMPTS -> "no finite number" + (gap ? "s" : "") + " in column score";
        };
    }

    private static double most(List<@Nullable Double> scores, int sign) {
        double most = Double.NEGATIVE_INFINITY;
        for (Double score : scores) {
            most = Math.max(most, score == null ? most : sign * score);
        }
        return most;
    }

    private @Nullable Drop bound(
            String what, @Nullable Double found, @Nullable Double min, @Nullable Double max, SourceRow row) {
        if (min == null && max == null) {
            return null;
        }
        if (found == null || !Double.isFinite(found)) {
            return new Drop("no_score", missing(what, row));
        }
        if (min != null && found < min) {
            return new Drop(what + "_too_low", what + " " + found + ", at least " + min);
        }
        return max != null && found > max
                ? new Drop(what + "_too_high", what + " " + found + ", at most " + max)
                : null;
    }

    private List<@Nullable Double> scores(SourceRow row) {
        Map<String, @Nullable Object> columns = row.prompt().columns();
        if (column != null) {
            return column.equals("scores") && row.kind() == SourceRow.Kind.RANKED
                    ? new ArrayList<>(row.scores())
                    : numbers(columns.get(column));
        }
        return switch (row.kind()) {
            case RANKED -> new ArrayList<>(row.scores());
            case PREFERENCES -> {
                List<@Nullable Double> pair = numbers(columns.get("score_chosen"));
                pair.addAll(numbers(columns.get("score_rejected")));
                yield pair.size() == 2 ? pair : new ArrayList<>();
            }
            case UNPAIRED, DEMONSTRATIONS, PROMPTS -> numbers(columns.get("score"));
        };
    }

    private static List<@Nullable Double> numbers(@Nullable Object value) {
        List<@Nullable Double> numbers = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(
                    one -> numbers.add(one instanceof Number number ? Double.valueOf(number.doubleValue()) : null));
        } else if (value instanceof Number number) {
            numbers.add(number.doubleValue());
        }
        return numbers;
    }
}
