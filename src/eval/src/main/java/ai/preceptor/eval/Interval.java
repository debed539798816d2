package ai.preceptor.eval;

/**
 * An interval that covers the true value in 95 of 100 repetitions of the measurement, as far as its estimator's
 * assumptions hold.
 *
 * @param low lower end
 * @param high upper end, at least {@code low}
 */
public record Interval(double low, double high) {
    /** Standard normal deviate that leaves 2.5 % on either side. */
    static final double Z = 1.959963984540054;

    /** @throws IllegalArgumentException if an end is not a number or {@code high} lies below {@code low} */
    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException("interval: [" + low + ", " + high + "], must be low <= high");
        }
    }

    /** True if the value lies in it, ends included. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
