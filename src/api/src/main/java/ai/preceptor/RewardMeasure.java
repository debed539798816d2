package ai.preceptor;

import ai.preceptor.data.Answer;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.Text;
import ai.preceptor.eval.LengthCorrection;
import ai.preceptor.eval.RewardReport;
import ai.preceptor.eval.ScoredPairs;
import ai.preceptor.eval.TeacherAgreement;
import ai.preceptor.reward.RewardStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a reward model on pairs.
 *
 * @param column tells subsets apart; null for the first of the usual names that the rows have
 */
public record RewardMeasure(@Nullable String column) {
    private static final List<String> USUAL = List.of("subset", "source");
    /** A column with more values than this identifies rows, not subsets, unless the user named it. */
    private static final int MOST = 40;

    /**
     * Makes sure that pairs can be measured, before a model is trained or loaded for it.
     *
     * @throws DataException when no pair has the column
     */
    public void check(List<Preference> pairs) {
        if (column != null && !pairs.isEmpty() && values(column, pairs).isEmpty()) {
            throw new DataException("subset_column: no pair has a column " + column + "; the first has "
                    + pairs.get(0).prompt().columns().keySet());
        }
    }

    /**
     * Measures; lengths are tokens where the scorer has any.
     *
     * @param teacher whose preferences it is compared with, opened for that; null for those that the rows tell of
     * @throws DataException when no pair has the column
     */
    public RewardReport measure(Scorer scorer, List<Preference> pairs, @Nullable Supplier<Scorer> teacher) {
        Function<Preference, @Nullable String> subset = subset(pairs);
        ScoredPairs scored = ScoredPairs.measure(scorer, pairs);
        RewardReport report = report(scorer, scored, subset);
        if (teacher == null) {
            return report;
        }
        try (Scorer other = teacher.get()) {
            return report.with(TeacherAgreement.of(scored, ScoredPairs.measure(other, pairs)));
        }
    }

    /**
     * Measures a model that has just learnt, which keeps where the rewards of these answers lie, each counted once.
     *
     * @throws DataException when no pair has the column
     */
    public RewardReport measureAndKeep(RewardModel model, List<Preference> pairs) {
        Function<Preference, @Nullable String> subset = subset(pairs);
        ScoredPairs scored = ScoredPairs.measure(model, pairs);
        RewardReport report = report(model, scored, subset);
        LengthCorrection corrected = report.length().corrected();
        RewardStatistics.Length length = corrected == null
                ? null
                : new RewardStatistics.Length(
                        corrected.fit().slope(), corrected.fit().meanLength());
        model.keep(RewardStatistics.of(rewards(scored)).with(length));
        return report;
    }

    /** Of each answer once, in however many pairs it is. */
    private static double[] rewards(ScoredPairs scored) {
        Map<List<Text>, Double> rewards = new LinkedHashMap<>();
        for (ScoredPairs.Pair pair : scored.pairs()) {
            Preference preference = pair.preference();
            Text prompt = preference.prompt().text();
            rewards.put(List.of(prompt, preference.chosen()), pair.chosen());
            rewards.put(List.of(prompt, preference.rejected()), pair.rejected());
        }
        return rewards.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static RewardReport report(
            Scorer scorer, ScoredPairs scored, Function<Preference, @Nullable String> subset) {
        return RewardReport.of(scored, subset, length(scorer));
    }

    private static ToDoubleFunction<Answer> length(Scorer scorer) {
        if (scorer instanceof RewardModel model) {
            return model::tokens;
        }
        return scorer instanceof RewardEnsemble ensemble
                ? ensemble::tokens
                : answer -> answer.text().asString().length();
    }

    private Function<Preference, @Nullable String> subset(List<Preference> pairs) {
        check(pairs);
        if (column != null) {
            return pair -> value(column, pair);
        }
        for (String usual : USUAL) {
            int values = values(usual, pairs).size();
            if (values > 0 && values <= MOST) {
                return pair -> value(usual, pair);
            }
        }
        return pair -> null;
    }

    private static Set<String> values(String column, List<Preference> pairs) {
        Set<String> values = new TreeSet<>();
        pairs.stream().map(pair -> value(column, pair)).filter(Objects::nonNull).forEach(values::add);
        return values;
    }

    private static @Nullable String value(String column, Preference pair) {
        Object value = pair.prompt().columns().get(column);
        return value == null ? null : value.toString();
    }
}
