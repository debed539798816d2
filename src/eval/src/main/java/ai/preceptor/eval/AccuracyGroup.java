package ai.preceptor.eval;

import ai.preceptor.eval.ScoredPairs.Pair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Accuracy on the pairs whose measure lies in a range.
 *
 * @param low least measure of them
 * @param high largest
 * @param accuracy how often the model is right on them
 */
public record AccuracyGroup(double low, double high, Proportion accuracy) {

    /**
     * Pairs in up to {@code most} groups of like size, by a measure; pairs of an equal measure stay together.
     *
     * @param pairs at least one
     */
    static List<AccuracyGroup> quantiles(List<Pair> pairs, ToDoubleFunction<Pair> measure, int most) {
        List<Pair> sorted =
                pairs.stream().sorted(Comparator.comparingDouble(measure)).toList();
        List<AccuracyGroup> groups = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= most; i++) {
            int to = Math.max(from, (int) ((long) i * sorted.size() / most));
            while (to > from
                    && to < sorted.size()
                    && measure.applyAsDouble(sorted.get(to)) == measure.applyAsDouble(sorted.get(to - 1))) {
                to++;
            }
            if (to > from) {
                groups.add(new AccuracyGroup(
                        measure.applyAsDouble(sorted.get(from)),
                        measure.applyAsDouble(sorted.get(to - 1)),
                        ScoredPairs.share(sorted.subList(from, to))));
            }
            from = to;
        }
        return groups;
    }

    /** For {@code summary.json}. */
    Map<String, Object> toRow() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("from", low);
        row.put("to", high);
        row.putAll(figures(accuracy));
        return row;
    }

    /** A share with its interval and its size. */
    static Map<String, Object> figures(Proportion accuracy) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("accuracy", accuracy.rate());
        row.put("low", accuracy.interval().low());
        row.put("high", accuracy.interval().high());
        row.put("pairs", (int) accuracy.trials());
        return row;
    }
}
