package ai.preceptor.eval;

import ai.preceptor.data.Preference;
import ai.preceptor.eval.ScoredPairs.Pair;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How well a reward model's preferences agree with a teacher's, given as {@code chosen_probability} or as scores of the
 * same answers.
 *
 * @param agreement share of the pairs the teacher is not undecided about on which both prefer the same answer; a tie of the
 *     model counts half; null where the teacher is undecided about all
 * @param distance mean distance of the two probabilities that the chosen answer is better, in [0, 1]; null for a teacher that
 *     scores, whose units are its own
 * @param correlation Pearson's, of the model's differences of rewards and the teacher's probabilities or differences of
 *     scores; null where either does not vary
 */
public record TeacherAgreement(
        @Nullable Proportion agreement,
        @Nullable Double distance,
        @Nullable Double correlation) {

    /** Of the pairs that have a probability; null where none has. */
    static @Nullable TeacherAgreement of(List<Pair> pairs) {
        List<Pair> judged = pairs.stream()
                .filter(pair -> pair.preference().chosenProbability() != null)
                .toList();
        if (judged.isEmpty()) {
            return null;
        }
        double distance = 0;
        for (Pair pair : judged) {
            distance += Math.abs(probability(pair) - 1 / (1 + Math.exp(-pair.margin()))) / judged.size();
        }
        return new TeacherAgreement(
                agreement(judged, pair -> probability(pair) - 0.5),
                distance,
                correlation(judged, TeacherAgreement::probability));
    }

    /**
     * Of a teacher that scored the same pairs; those that only one of the two scored are left out.
     *
     * @return null where no pair is left
     */
    public static @Nullable TeacherAgreement of(ScoredPairs model, ScoredPairs teacher) {
        Map<Preference, Double> margins = new HashMap<>();
        teacher.pairs().forEach(pair -> margins.put(pair.preference(), pair.margin()));
        List<Pair> judged = model.pairs().stream()
                .filter(pair -> margins.containsKey(pair.preference()))
                .toList();
        ToDoubleFunction<Pair> margin = pair -> Objects.requireNonNull(margins.get(pair.preference()), "filtered");
        return judged.isEmpty()
                ? null
                : new TeacherAgreement(agreement(judged, margin), null, correlation(judged, margin));
    }

    /** @param verdict above 0 where the teacher prefers the chosen answer, 0 where it is undecided */
    private static @Nullable Proportion agreement(List<Pair> judged, ToDoubleFunction<Pair> verdict) {
        List<Pair> decided =
                judged.stream().filter(pair -> verdict.applyAsDouble(pair) != 0).toList();
        return decided.isEmpty()
                ? null
                : ScoredPairs.share(
                        decided, pair -> verdict.applyAsDouble(pair) > 0 ? pair.credit() : 1 - pair.credit());
    }

    private static @Nullable Double correlation(List<Pair> judged, ToDoubleFunction<Pair> sureness) {
        return LengthBias.correlation(
                judged.stream().mapToDouble(Pair::margin),
                judged.stream().map(sureness::applyAsDouble).toList());
    }

    private static double probability(Pair pair) {
        return Objects.requireNonNull(pair.preference().chosenProbability(), "filtered");
    }
}
