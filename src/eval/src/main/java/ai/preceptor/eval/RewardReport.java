package ai.preceptor.eval;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Preference;
import ai.preceptor.eval.ScoredPairs.Pair;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A reward model's quality on held-out pairs.
 *
 * @param accuracy over all pairs and by subset
 * @param byMargin accuracy by the margins of the rows, in up to four groups from close calls to clear ones; empty where no
 *     row has one
 * @param marginCorrelation Pearson's, of the rows' margins and the model's differences of rewards: whether it is surer
 *     where the teacher was; null where no margins are or either does not vary
 * @param byRewardMargin the same by the size of the model's own difference of rewards
 * @param calibration whether it is as often right as its rewards say
 * @param length whether it likes long answers
 * @param teacher how near it is to a teacher that says how sure it is; null where the rows do not tell
 * @param misjudged pairs whose rejected answer has the higher reward, the largest difference first; at most ten
 */
public record RewardReport(
        RewardAccuracy accuracy,
        List<AccuracyGroup> byMargin,
        @Nullable Double marginCorrelation,
        List<AccuracyGroup> byRewardMargin,
        Calibration calibration,
        LengthBias length,
        @Nullable TeacherAgreement teacher,
        List<Pair> misjudged) {
    private static final int GROUPS = 4;
    /** More than a person reads. */
    private static final int MOST_MISJUDGED = 10;

    /** Copies the lists. */
    public RewardReport {
        misjudged = List.copyOf(misjudged);
        byMargin = List.copyOf(byMargin);
        byRewardMargin = List.copyOf(byRewardMargin);
    }

    /** One that names no misjudged pairs. */
    public RewardReport(
            RewardAccuracy accuracy,
            List<AccuracyGroup> byMargin,
            @Nullable Double marginCorrelation,
            List<AccuracyGroup> byRewardMargin,
            Calibration calibration,
            LengthBias length,
            @Nullable TeacherAgreement teacher) {
        this(accuracy, byMargin, marginCorrelation, byRewardMargin, calibration, length, teacher, List.of());
    }

    /**
     * Of scored pairs.
     *
     * @param subset name of the subset a pair belongs to; null for none
     * @param length of an answer, usually in tokens
     */
    public static RewardReport of(
            ScoredPairs scored, Function<Preference, @Nullable String> subset, ToDoubleFunction<Answer> length) {
        List<Pair> withMargin = scored.pairs().stream()
                .filter(pair -> pair.preference().margin() != null)
                .toList();
        return new RewardReport(
                RewardAccuracy.of(scored, subset),
                AccuracyGroup.quantiles(
                        withMargin,
                        pair -> Objects.requireNonNull(pair.preference().margin(), "filtered"),
                        GROUPS),
                LengthBias.correlation(
                        withMargin.stream().mapToDouble(Pair::margin),
                        withMargin.stream()
                                .map(pair ->
                                        Objects.requireNonNull(pair.preference().margin(), "filtered"))
                                .toList()),
                AccuracyGroup.quantiles(scored.pairs(), pair -> Math.abs(pair.margin()), GROUPS),
                Calibration.of(scored.pairs()),
                LengthBias.of(scored.pairs(), length),
                TeacherAgreement.of(scored.pairs()),
                misjudged(scored.pairs()));
    }

    private static List<Pair> misjudged(List<Pair> pairs) {
        return pairs.stream()
                .filter(pair -> pair.margin() < 0)
                .sorted(Comparator.comparingDouble(Pair::margin))
                .limit(MOST_MISJUDGED)
                .toList();
    }

    /** The same with what another teacher's scores say. */
    public RewardReport with(@Nullable TeacherAgreement other) {
        return new RewardReport(
                accuracy, byMargin, marginCorrelation, byRewardMargin, calibration, length, other, misjudged);
    }

    /** For {@code summary.json}; names are on the metrics page, and what could not be measured is null. */
    public Map<String, @Nullable Object> toRow() {
        Map<String, @Nullable Object> row = new LinkedHashMap<>(accuracy.toRow());
        row.put("eval_ece", calibration.error());
        row.put("eval_length_correlation", length.correlation());
        row.put("eval_length_correlation_within_pairs", length.withinPairs());
        LengthCorrection corrected = length.corrected();
        row.put("eval_length_correlation_corrected", corrected == null ? null : corrected.correlation());
        row.put(
                "eval_accuracy_length_corrected",
                corrected == null ? null : corrected.accuracy().rate());
        row.put("eval_length_slope", corrected == null ? null : corrected.fit().slope());
        row.put("eval_longer_preferred", rate(length.preferred()));
        row.put("eval_accuracy_longer_wins", rate(length.longerWins()));
        row.put("eval_accuracy_longer_loses", rate(length.longerLoses()));
        row.put("eval_margin_correlation", marginCorrelation);
        if (teacher != null) {
            row.put("eval_teacher_agreement", rate(teacher.agreement()));
            row.put("eval_teacher_distance", teacher.distance());
            row.put("eval_teacher_correlation", teacher.correlation());
        }
        if (!accuracy.subsets().isEmpty()) {
            Map<String, Object> subsets = new LinkedHashMap<>();
            accuracy.subsets().forEach((name, share) -> subsets.put(name, AccuracyGroup.figures(share)));
            row.put("eval_accuracy_by_subset", subsets);
        }
        row.put(
                "eval_accuracy_by_margin",
                byMargin.stream().map(AccuracyGroup::toRow).toList());
        row.put(
                "eval_accuracy_by_reward_margin",
                byRewardMargin.stream().map(AccuracyGroup::toRow).toList());
        row.put(
                "eval_calibration",
                calibration.bins().stream().map(Calibration.Bin::toRow).toList());
        return row;
    }

    private static @Nullable Double rate(@Nullable Proportion share) {
        return share == null ? null : share.rate();
    }
}
