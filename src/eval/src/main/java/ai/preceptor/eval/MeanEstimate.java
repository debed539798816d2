package ai.preceptor.eval;

import java.util.Arrays;
import java.util.List;
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

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    /** Normal 95 % interval, {@code mean +- 1.96 standard errors}; null for a single prompt. */
    public @Nullable Interval interval() {
        double half = Interval.Z * standardError;
        return Double.isNaN(half) ? null : new Interval(mean - half, mean + half);
    }
}
