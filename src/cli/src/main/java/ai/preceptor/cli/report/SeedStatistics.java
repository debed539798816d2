package ai.preceptor.cli.report;

import java.util.List;
import java.util.Locale;

/**
 * What several runs that differ only in their seed came to.
 *
 * @param n how many have the figure
 * @param mean of them; NaN for none
 * @param deviation sample standard deviation, with {@code n - 1} in the denominator; NaN below two
 */
public record SeedStatistics(int n, double mean, double deviation) {
    /** What the tables call such a figure. */
    public static final String NOTE = "Of runs that differ in their seed only: mean ± sample standard deviation, with"
            + " n - 1 in the denominator.";

    /** Of these values; those that are not finite are left out. */
    public static SeedStatistics of(List<Double> values) {
        double[] all = values.stream()
                .mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .toArray();
        double mean = 0;
        for (double value : all) {
            mean += value / all.length;
        }
        double squares = 0;
        for (double value : all) {
            squares += (value - mean) * (value - mean);
        }
        return new SeedStatistics(
                all.length,
                all.length == 0 ? Double.NaN : mean,
                all.length < 2 ? Double.NaN : Math.sqrt(squares / (all.length - 1)));
    }

    /**
     * The mean, with the deviation behind it where there is one; a dash for nothing.
     *
     * @param pattern of a number, as {@code %.3f}
     */
    public String text(String pattern) {
        if (n == 0) {
            return "-";
        }
        String shown = String.format(Locale.ROOT, pattern, mean);
        return n == 1 ? shown : shown + " ± " + String.format(Locale.ROOT, pattern, deviation);
    }
}
