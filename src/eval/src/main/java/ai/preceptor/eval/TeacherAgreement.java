package ai.preceptor.eval;

import ai.preceptor.eval.ScoredPairs.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How near a reward model's preferences come to a teacher's that says how sure it is ({@code chosen_probability}).
 *
 * @param agreement share of the pairs the teacher is not undecided about on which both prefer the same answer; a tie of the
 *     model counts half; null where the teacher is undecided about all
 * @param distance mean distance of the two probabilities that the chosen answer is better, in [0, 1]
 * @param correlation Pearson's, of the model's differences of rewards and the teacher's probabilities; null where either
 *     does not vary
 */
public record TeacherAgreement(
        @Nullable Proportion agreement,
        double distance,
        @Nullable Double correlation) {

    /** Of the pairs that have a probability; null where none has. */
    static @Nullable TeacherAgreement of(List<Pair> pairs) {
        List<Pair> judged = pairs.stream()
                .filter(pair -> pair.preference().chosenProbability() != null)
                .toList();
        if (judged.isEmpty()) {
            return null;
        }
        List<Double> credits = new ArrayList<>();
        double distance = 0;
        for (Pair pair : judged) {
            double teacher = probability(pair);
            if (teacher != 0.5) {
                credits.add(teacher > 0.5 ? pair.credit() : 1 - pair.credit());
            }
            distance += Math.abs(teacher - 1 / (1 + Math.exp(-pair.margin()))) / judged.size();
        }
        return new TeacherAgreement(
                credits.isEmpty()
                        ? null
                        : new Proportion(credits.stream().mapToDouble(x -> x).sum(), credits.size()),
                distance,
                LengthBias.correlation(
                        judged.stream().mapToDouble(Pair::margin),
                        judged.stream().map(TeacherAgreement::probability).toList()));
    }

    private static double probability(Pair pair) {
        return Objects.requireNonNull(pair.preference().chosenProbability(), "filtered");
    }
}
