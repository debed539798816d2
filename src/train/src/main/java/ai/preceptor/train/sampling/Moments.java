package ai.preceptor.train.sampling;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;

/**
 * Mean and standard deviation of a list of values; NaNs are left out.
 *
 * @param count how many were numbers
 * @param mean their mean; not a number if there are none
 * @param deviation their sample standard deviation (divided by count - 1); not a number if there are fewer than two
 */
public record Moments(int count, double mean, double deviation) {

    /** Scores of the same answers may differ by this much, for example sums of several scorers. */
    private static final double ROUNDING = 1e-8;

    /** Whether two of these values differ by more than rounding; NaNs are left out. Equal values never do. */
    public static boolean differ(double... values) {
        DoubleSummaryStatistics numbers =
                Arrays.stream(values).filter(v -> !Double.isNaN(v)).summaryStatistics();
        return numbers.getMax() - numbers.getMin() > ROUNDING; // minus infinity of none
    }

    /** Those of these values. */
    public static Moments of(double... values) {
        double[] numbers = Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
        double mean = numbers.length == 0 ? Double.NaN : Arrays.stream(numbers).sum() / numbers.length;
        double squares =
                Arrays.stream(numbers).map(v -> (v - mean) * (v - mean)).sum();
        double deviation = numbers.length < 2 ? Double.NaN : Math.sqrt(squares / (numbers.length - 1));
        return new Moments(numbers.length, mean, deviation);
    }
}
