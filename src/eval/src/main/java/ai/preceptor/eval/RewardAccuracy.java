package ai.preceptor.eval;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How often a scorer agrees with held-out preferences: the share of pairs whose chosen answer has the higher score. A tie
 * counts half, where TRL's training metric {@code accuracy} counts it as wrong. Pairs with an answer the scorer gave no
 * score to are left out and counted.
 *
 * @param accuracy over all scored pairs; its interval takes pairs as independent, so it is too narrow where many pairs
 *     share a prompt
 * @param margin mean of chosen minus rejected, in the scorer's units
 * @param unscored pairs left out
 * @param subsets accuracy of each subset that was asked for, by name in alphabetical order
 */
public record RewardAccuracy(Proportion accuracy, MeanEstimate margin, int unscored, Map<String, Proportion> subsets) {

    /** Copies the map. */
    public RewardAccuracy {
        subsets = Collections.unmodifiableMap(new TreeMap<>(subsets));
    }

    /** Over all pairs, without subsets. */
    public static RewardAccuracy measure(Scorer scorer, List<Preference> heldOut) {
        return measure(scorer, heldOut, pair -> "").withoutSubsets();
    }

    private RewardAccuracy withoutSubsets() {
        return new RewardAccuracy(accuracy, margin, unscored, Map.of());
    }

    /**
     * Measures.
     *
     * @param scorer who scores both answers of every pair, in one call
     * @param heldOut pairs that no training saw
     * @param subset name of the subset a pair belongs to
     * @throws ScorerException if no pair is scored, or the scorer breaks its contract
     */
    public static RewardAccuracy measure(Scorer scorer, List<Preference> heldOut, Function<Preference, String> subset) {
        List<Answer> answers = new ArrayList<>();
        for (Preference pair : heldOut) {
            answers.add(new Answer(pair.prompt(), pair.chosen()));
            answers.add(new Answer(pair.prompt(), pair.rejected()));
        }
        List<Score> scores = MeanScore.scores(scorer, answers);
        Map<String, List<Double>> credits = new LinkedHashMap<>();
        List<Double> margins = new ArrayList<>();
        for (int i = 0; i < heldOut.size(); i++) {
            Score chosen = scores.get(2 * i);
            Score rejected = scores.get(2 * i + 1);
            if (chosen.isScored() && rejected.isScored()) {
                double margin = chosen.value() - rejected.value();
                margins.add(margin);
                credits.computeIfAbsent(subset.apply(heldOut.get(i)), name -> new ArrayList<>())
                        .add((1 + Math.signum(margin)) / 2);
            }
        }
        if (margins.isEmpty()) {
            throw new ScorerException(scorer.name() + ": scored none of " + heldOut.size() + " held-out pairs"
                    + scores.stream()
                            .filter(score -> !score.isScored())
                            .findFirst()
                            .map(score -> "; the first: " + score.problem())
                            .orElse(""));
        }
        Map<String, Proportion> subsets = new TreeMap<>();
        credits.forEach((name, values) -> subsets.put(name, share(values)));
        return new RewardAccuracy(
                share(credits.values().stream().flatMap(List::stream).toList()),
                MeanEstimate.of(margins.stream().mapToDouble(x -> x).toArray()),
                heldOut.size() - margins.size(),
                subsets);
    }

    private static Proportion share(List<Double> credits) {
        return new Proportion(credits.stream().mapToDouble(x -> x).sum(), credits.size());
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
