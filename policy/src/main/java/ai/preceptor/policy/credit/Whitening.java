package ai.preceptor.policy.credit;

import java.util.Arrays;
import java.util.List;

/**
 * Scales numbers to deviation 1 and, if asked, shifts them to mean 0, over all tokens of a batch: {@code (x - mean) /
 * sqrt(var + 1e-8)}, as PPO does to token-level advantages. The variance is the sample's, divided by N - 1, as in TRL's and
 * verl's {@code masked_whiten}; that of one number is taken as 0.
 *
 * @param shiftMean whether to remove the mean; false keeps it, for rewards whose sign matters
 */
public record Whitening(boolean shiftMean) {

    private static final double EPSILON = 1e-8;

    /**
     * The whitened numbers.
     *
     * @param sequences one array per completion, without padding
     * @return arrays of the same lengths, finite where the numbers are; empty for an empty batch
     */
    public List<double[]> of(List<double[]> sequences) {
        double count = sequences.stream().mapToInt(s -> s.length).sum();
        double mean = sequences.stream().flatMapToDouble(Arrays::stream).sum() / count;
        double squares = sequences.stream()
                .flatMapToDouble(Arrays::stream)
                .map(x -> (x - mean) * (x - mean))
                .sum();
        double variance = squares / Math.max(1, count - 1);
        double scale = 1 / Math.sqrt(variance + EPSILON);
        double kept = shiftMean ? 0 : mean;
        return sequences.stream()
                .map(s -> Arrays.stream(s).map(x -> (x - mean) * scale + kept).toArray())
                .toList();
    }
}
