package ai.preceptor.train;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The negative log-likelihood of a ranking under Plackett-Luce: items are drawn one by one without putting back, each with
 * probability in proportion to the exponential of its value.
 *
 * <pre>  L = sum over k &lt; K of  log( sum over i &gt;= k of exp(v_i) ) - v_k</pre>
 *
 * <p>Items with equal scores are not contrasted: an item is drawn against those with lower scores alone.
 *
 * @param loss L
 * @param slopes {@code [K]}: its derivative by each value
 */
public record PlackettLuce(double loss, double[] slopes) {

    /**
     * Of one ranking.
     *
     * @param values v, {@code [K]}, in any order
     * @param scores one per value; the order is from the highest to the lowest
     */
    public static PlackettLuce of(double[] values, List<Double> scores) {
        double[] slopes = new double[values.length];
        int[] ranking = ranking(scores);
        double loss = 0;
        for (int k = 0; k < ranking.length - 1; k++) {
            int first = ranking[k];
            int[] drawn = IntStream.concat(
                            IntStream.of(first),
                            Arrays.stream(ranking, k + 1, ranking.length)
                                    .filter(i -> scores.get(i) < scores.get(first)))
                    .toArray();
            double top = Arrays.stream(drawn).mapToDouble(i -> values[i]).max().orElseThrow();
            double total = Arrays.stream(drawn)
                    .mapToDouble(i -> Math.exp(values[i] - top))
                    .sum();
            loss += top + Math.log(total) - values[first];
            for (int i : drawn) {
                slopes[i] += Math.exp(values[i] - top) / total;
            }
            slopes[first] -= 1;
        }
        return new PlackettLuce(loss, slopes);
    }

    /** Indices from the highest to the lowest score; equal scores keep their order. */
    public static int[] ranking(List<Double> scores) {
        return IntStream.range(0, scores.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores.get(i)))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
