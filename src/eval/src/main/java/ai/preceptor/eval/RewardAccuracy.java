package ai.preceptor.eval;

import ai.preceptor.data.Preference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How often a scorer agrees with held-out preferences: the share of pairs whose chosen answer has the higher score. A tie
 * counts half, where TRL's training metric {@code accuracy} counts it as wrong. Pairs with an answer the scorer gave no
 * score to are left out and counted.
 *
 * @param accuracy over all scored pairs; its interval takes prompts as independent, not the pairs of a prompt
 * @param margin mean of chosen minus rejected, in the scorer's units
 * @param unscored pairs left out
 * @param subsets accuracy of each subset that was asked for, by name in alphabetical order
 */
public record RewardAccuracy(Proportion accuracy, MeanEstimate margin, int unscored, Map<String, Proportion> subsets) {

    /** Copies the map. */
    public RewardAccuracy {
        subsets = Collections.unmodifiableMap(new TreeMap<>(subsets));
    }

    /**
     * Of pairs that are scored.
     *
     * @param subset name of the subset a pair belongs to; null for none
     */
    public static RewardAccuracy of(ScoredPairs scored, Function<Preference, @Nullable String> subset) {
        Map<String, List<ScoredPairs.Pair>> members = new TreeMap<>();
        for (ScoredPairs.Pair pair : scored.pairs()) {
            String name = subset.apply(pair.preference());
            if (name != null) {
                members.computeIfAbsent(name, key -> new ArrayList<>()).add(pair);
            }
        }
        Map<String, Proportion> subsets = new TreeMap<>();
        members.forEach((name, pairs) -> subsets.put(name, ScoredPairs.share(pairs)));
        return new RewardAccuracy(
                ScoredPairs.share(scored.pairs()),
                MeanEstimate.of(scored.pairs().stream()
                        .mapToDouble(ScoredPairs.Pair::margin)
                        .toArray()),
                scored.unscored(),
                subsets);
    }

    /** For {@code summary.json}; names are on the metrics page. */
    public Map<String, Object> toRow() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("eval_accuracy", accuracy.rate());
        row.put("eval_accuracy_low", accuracy.interval().low());
        row.put("eval_accuracy_high", accuracy.interval().high());
        row.put("eval_margin", margin.mean());
        row.put("eval_pairs", (int) accuracy.trials());
        row.put("eval_unscored", unscored);
        subsets.forEach((name, share) -> row.put("eval_accuracy/" + name, share.rate()));
        return row;
    }
}
