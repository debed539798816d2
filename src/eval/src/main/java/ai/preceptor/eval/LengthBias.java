package ai.preceptor.eval;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Preference;
import ai.preceptor.eval.ScoredPairs.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a reward model prefers longer answers. Teachers like long answers too, so compare with {@code preferred}: a
 * bias of the model's own shows where the longer answer loses.
 *
 * @param correlation Pearson's, of reward and length over all answers; null where either does not vary
 * @param withinPairs Pearson's, of the differences of chosen and rejected, so that prompts which ask for long answers do
 *     not count; null likewise
 * @param preferred share of pairs of unequal lengths whose chosen answer is the longer one: the data's own bias
 * @param longerWins accuracy on those of them; null for none
 * @param longerLoses accuracy on the others
 * @param corrected what is left of it without the bias; null where lengths do not vary
 */
public record LengthBias(
        @Nullable Double correlation,
        @Nullable Double withinPairs,
        @Nullable Proportion preferred,
        @Nullable Proportion longerWins,
        @Nullable Proportion longerLoses,
        @Nullable LengthCorrection corrected) {

    /**
     * Of scored pairs.
     *
     * @param length of an answer, in tokens or another unit
     */
    static LengthBias of(List<Pair> pairs, ToDoubleFunction<Answer> length) {
        List<Double> lengths = new ArrayList<>();
        List<Double> differences = new ArrayList<>();
        List<Pair> wins = new ArrayList<>();
        List<Pair> loses = new ArrayList<>();
        for (Pair pair : pairs) {
            Preference row = pair.preference();
            double chosen = length.applyAsDouble(new Answer(row.prompt(), row.chosen()));
            double rejected = length.applyAsDouble(new Answer(row.prompt(), row.rejected()));
            lengths.add(chosen);
            lengths.add(rejected);
            differences.add(chosen - rejected);
            if (chosen != rejected) {
                (chosen > rejected ? wins : loses).add(pair);
            }
        }
        int unequal = wins.size() + loses.size();
        return new LengthBias(
                correlation(
                        pairs.stream().flatMapToDouble(pair -> DoubleStream.of(pair.chosen(), pair.rejected())),
                        lengths),
                correlation(pairs.stream().mapToDouble(Pair::margin), differences),
                unequal == 0 ? null : new Proportion(wins.size(), unequal),
                wins.isEmpty() ? null : ScoredPairs.share(wins),
                loses.isEmpty() ? null : ScoredPairs.share(loses),
                LengthCorrection.of(pairs, lengths));
    }

    /** Pearson's correlation of two columns of the same length; null where one does not vary. */
    static @Nullable Double correlation(DoubleStream left, List<Double> right) {
        double[] x = left.toArray();
        double[] y = right.stream().mapToDouble(Double::doubleValue).toArray();
        double meanX = DoubleStream.of(x).average().orElse(0);
        double meanY = DoubleStream.of(y).average().orElse(0);
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
            xy += (x[i] - meanX) * (y[i] - meanY);
        }
        return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null;
    }
}
