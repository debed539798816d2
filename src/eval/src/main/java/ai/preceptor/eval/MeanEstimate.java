package ai.preceptor.eval;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A mean over prompts with its confidence interval.
 *
 * <p>Samples of one prompt resemble each other, so prompts are the units: every prompt counts as the mean of its samples,
 * whatever their number, and the standard error is {@code s / sqrt(m)} with s the sample standard deviation of the m
 * prompts' means.
 *
 * @param mean mean of the prompts' means
 * @param standardError of that mean; NaN for a single prompt
 * @param prompts m, at least 1
 */
public record MeanEstimate(double mean, double standardError, int prompts) {

    /**
     * The estimate of some values, one a prompt.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static MeanEstimate of(double[] values) {
        int count = values.length;
        if (count == 0) {
            throw new IllegalArgumentException("values: 0, must be at least 1");
        }
        double mean = mean(values);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return new MeanEstimate(mean, Math.sqrt(squares / (count - 1) / count), count);
    }

    /**
     * The estimate of several values a prompt. Prompts without a value are left out.
     *
     * @param byPrompt the values of each prompt
     * @throws IllegalArgumentException if there is no value at all
     */
    public static MeanEstimate ofClusters(List<double[]> byPrompt) {
        return of(byPrompt.stream()
                .filter(values -> values.length > 0)
                .mapToDouble(MeanEstimate::mean)
                .toArray());
    }

    /**
     * The estimate of paired differences: of each prompt the mean of the first values less that of the second. The interval is
     * narrower than those of the two means suggest, because what is common to a prompt cancels.
     *
     * @param first the values of each prompt
     * @param second of the same prompts
     * @return null if no prompt has values of both
     * @throws IllegalArgumentException if the numbers of prompts differ
     */
    static @Nullable MeanEstimate ofDifferences(List<double[]> first, List<double[]> second) {
        if (first.size() != second.size()) {
            throw new IllegalArgumentException(
                    "second: " + second.size() + " prompts, must be as many as of the first: " + first.size());
        }
        double[] differences = IntStream.range(0, first.size())
                .filter(i -> first.get(i).length > 0 && second.get(i).length > 0)
                .mapToDouble(i -> mean(first.get(i)) - mean(second.get(i)))
                .toArray();
        return differences.length == 0 ? null : of(differences);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    /** Normal 95 % interval, {@code mean +- 1.96 standard errors}; null for a single prompt. */
    public @Nullable Interval interval() {
        double half = Interval.Z * standardError;
        return Double.isNaN(half) ? null : new Interval(mean - half, mean + half);
    }
}
