package ai.preceptor.eval;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results of one method on the evaluation prompts; null stands for "not measured".
 *
 * @param method its name, {@code start} for the student before any training
 * @param winRate against the start's answers
 * @param teacherScore of the teacher, where it scores each answer by itself, with the difference to the start's
 * @param reward of the distilled reward model, with the difference to the start's
 * @param kl to the reference
 * @param klBound an upper bound on the KL to the reference in nats per answer, where that has no estimate
 * @param length of the answers
 * @param ruleScores of rules that no training saw, by their names; may be empty
 * @param seconds the method's training took
 */
public record EvalReport(
        String method,
        @Nullable WinRate winRate,
        @Nullable MeanScore teacherScore,
        @Nullable MeanScore reward,
        @Nullable KlToReference kl,
        @Nullable Double klBound,
        @Nullable LengthStats length,
        Map<String, MeanScore> ruleScores,
        @Nullable Double seconds) {
    /** Before the name of each of several rules in {@link #toRow}. */
    public static final String RULES = "rules/";

    /** Behind the name of a mean score in {@link #toRow}, for its difference to the start's. */
    public static final String DIFFERENCE = "_difference";

    /** Copies the scores, in their order. */
    public EvalReport {
        ruleScores = Collections.unmodifiableMap(new LinkedHashMap<>(ruleScores));
    }

    /** The same with an upper bound on the KL, in nats per answer. */
    public EvalReport withKlBound(double bound) {
        return new EvalReport(method, winRate, teacherScore, reward, kl, bound, length, ruleScores, seconds);
    }

    /** The same with the seconds that the method's training took; null if not known. */
    public EvalReport withSeconds(@Nullable Double known) {
        return new EvalReport(method, winRate, teacherScore, reward, kl, klBound, length, ruleScores, known);
    }

    /** The score of the only rule; null if there is none, or several. */
    public @Nullable MeanScore ruleScore() {
        return ruleScores.size() == 1 ? ruleScores.values().iterator().next() : null;
    }

    /** For {@code summary.json}; names are on the metrics page, and what was not measured is null. */
    public Map<String, @Nullable Object> toRow() {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("method", method);
        row.put("win_rate", winRate == null ? null : winRate.rate());
        row.put("win_rate_low", winRate == null ? null : winRate.interval().low());
        row.put("win_rate_high", winRate == null ? null : winRate.interval().high());
        row.put("win_rate_undecided", winRate == null ? null : winRate.undecided());
        putWithDifference(row, "teacher_score", teacherScore);
        putWithDifference(row, "reward", reward);
        put(row, "kl_to_reference", kl == null ? null : kl.k1());
        put(row, "kl_to_reference_k3", kl == null ? null : kl.k3());
        row.put("kl_to_reference_per_token", kl == null ? null : kl.k1PerToken());
        row.put("kl_to_reference_bound", klBound);
        row.put(
                "completions/mean_length",
                length == null ? null : length.tokens().mean());
        row.put("completions/clipped_ratio", length == null ? null : length.clippedRatio());
        MeanScore ruleScore = ruleScore();
        put(row, "rule_score", ruleScore == null ? null : ruleScore.score());
        if (ruleScores.size() > 1) {
            ruleScores.forEach((name, score) -> put(row, RULES + name, score.score()));
        }
        row.put("unscored", unscored());
        row.put("seconds", seconds);
        return row;
    }

    private static void putWithDifference(
            Map<String, @Nullable Object> row, String name, @Nullable MeanScore measured) {
        put(row, name, measured == null ? null : measured.score());
        put(row, name + DIFFERENCE, measured == null ? null : measured.difference());
    }

    private static void put(Map<String, @Nullable Object> row, String name, @Nullable MeanEstimate estimate) {
        Interval interval = estimate == null ? null : estimate.interval();
        row.put(name, estimate == null ? null : estimate.mean());
        row.put(name + "_low", interval == null ? null : interval.low());
        row.put(name + "_high", interval == null ? null : interval.high());
    }

    /** Answers without a score by the teacher, the reward or a rule. */
    private int unscored() {
        int rules = ruleScores.values().stream().mapToInt(MeanScore::unscored).sum();
        return unscored(teacherScore) + unscored(reward) + rules;
    }

    private static int unscored(@Nullable MeanScore score) {
        return score == null ? 0 : score.unscored();
    }
}
