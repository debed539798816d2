package ai.preceptor.eval;

import ai.preceptor.eval.ScoredPairs.Pair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a reward model is without its bias for length. The fit is that of all pairs; the figures are those of each half of the
 * pairs with the fit of the other half, since on its own answers a fit leaves no correlation at all.
 *
 * @param fit of all answers
 * @param correlation Pearson's, of the residual and length; null where either does not vary
 * @param accuracy of the residual
 */
public record LengthCorrection(LengthFit fit, @Nullable Double correlation, Proportion accuracy) {
    /**
     * Of scored pairs.
     *
     * @param lengths of their chosen and rejected answers, in turn
     * @return null where lengths do not vary in either half
     */
    static @Nullable LengthCorrection of(List<Pair> pairs, List<Double> lengths) {
        LengthFit all = fit(pairs, lengths, 0, 1);
        LengthFit even = fit(pairs, lengths, 0, 2);
        LengthFit odd = fit(pairs, lengths, 1, 2);
        if (all == null || even == null || odd == null) {
            return null;
        }
        List<Pair> corrected = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            LengthFit other = i % 2 == 0 ? odd : even;
            Pair pair = pairs.get(i);
            corrected.add(new Pair(
                    pair.preference(),
                    other.residual(pair.chosen(), lengths.get(2 * i)),
                    other.residual(pair.rejected(), lengths.get(2 * i + 1))));
        }
        DoubleStream rewards =
                corrected.stream().flatMapToDouble(pair -> DoubleStream.of(pair.chosen(), pair.rejected()));
        return new LengthCorrection(all, LengthBias.correlation(rewards, lengths), ScoredPairs.share(corrected));
    }

    private static @Nullable LengthFit fit(List<Pair> pairs, List<Double> lengths, int first, int step) {
        int[] some =
                IntStream.range(0, pairs.size()).filter(i -> i % step == first).toArray();
        double[] rewards = Arrays.stream(some)
                .mapToObj(pairs::get)
                .flatMapToDouble(pair -> DoubleStream.of(pair.chosen(), pair.rejected()))
                .toArray();
        double[] tokens = Arrays.stream(some)
                .flatMap(i -> IntStream.of(2 * i, 2 * i + 1))
                .mapToDouble(lengths::get)
                .toArray();
        return LengthFit.of(rewards, tokens);
    }
}
