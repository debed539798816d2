package ai.preceptor.eval;

import java.util.Arrays;
import java.util.Collection;

/**
 * A proportion of trials.
 *
 * <p>The interval is Wilson's: with rate p, n effective trials and z = 1.96,
 *
 * <pre>  (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)</pre>
 *
 * <p>It stays in [0, 1] and keeps its coverage for few trials and extreme shares, where p +- z sqrt(p(1-p)/n) does not. A
 * trial may be half a success (a tie); such trials vary less than the formula believes, so it errs on the wide side.
 *
 * <p><b>Source.</b> Wilson 1927, Probable Inference, the Law of Succession, and Statistical Inference.
 *
 * @param successes in [0, trials], a tie counts half
 * @param trials at least 1; need not be whole, see {@link WinRate}
 * @param effective in [1, trials]: as many independent trials would vary as much as these
 */
public record Proportion(double successes, double trials, double effective) {

    /** @throws IllegalArgumentException if a number is out of its range */
    public Proportion {
        if (!(trials >= 1) || Double.isInfinite(trials)) {
            throw new IllegalArgumentException("trials: " + trials + ", must be finite and at least 1");
        }
        if (!(successes >= 0 && successes <= trials)) {
            throw new IllegalArgumentException("successes: " + successes + ", must be in [0, " + trials + "]");
        }
        if (!(effective >= 1 && effective <= trials)) {
            throw new IllegalArgumentException("effective: " + effective + ", must be in [1, " + trials + "]");
        }
    }

    /**
     * Of independent trials.
     *
     * @throws IllegalArgumentException if there is less than one trial, or {@code successes} is not in [0, trials]
     */
    public Proportion(double successes, double trials) {
        this(successes, trials, trials);
    }

    /**
     * Of trials in clusters, whose members resemble each other: pairs of one prompt, steps of one answer. Every trial counts the same.
     *
     * <p>With rate p, n trials and the variance of p between clusters, {@code v = sum over clusters of (sum of (credit - p))^2 / n^2}, the
     * effective number is {@code p(1-p) / v}. It is kept between {@code n^2 / (sum of squared sizes)}, where all trials of a cluster end
     * alike, and n. With one trial a cluster it is n.
     *
     * <p><b>Source.</b> Kish 1965, Survey Sampling: the variance of a ratio mean of clusters, and the design effect.
     *
     * @param clusters the credits of each, in [0, 1]; an empty one counts not at all
     * @throws IllegalArgumentException if there is no trial, or a credit is not in [0, 1]
     */
    public static Proportion ofClusters(Collection<double[]> clusters) {
        double trials = 0;
        double successes = 0;
        double squaredSizes = 0;
        for (double[] credits : clusters) {
            for (double credit : credits) {
                if (!(credit >= 0 && credit <= 1)) {
                    throw new IllegalArgumentException("credit: " + credit + ", must be in [0, 1]");
                }
            }
            trials += credits.length;
            successes += Arrays.stream(credits).sum();
            squaredSizes += (double) credits.length * credits.length;
        }
        if (trials == 0) {
            throw new IllegalArgumentException("trials: 0, must be at least 1");
        }
        double rate = successes / trials;
        double squares = 0;
        for (double[] credits : clusters) {
            double deviation = Arrays.stream(credits).sum() - credits.length * rate;
            squares += deviation * deviation;
        }
        double least = trials * trials / squaredSizes;
        // all alike says nothing about how alike the trials of a cluster are: the cautious end
        double effective = rate == 0 || rate == 1 ? least : rate * (1 - rate) * trials * trials / squares;
        return new Proportion(successes, trials, Math.min(trials, Math.max(least, effective)));
    }

    /** Successes per trial. */
    public double rate() {
        return successes / trials;
    }

    /** Wilson's 95 % interval. */
    public Interval interval() {
        double p = rate();
        double z2 = Interval.Z * Interval.Z / effective;
        double centre = p + z2 / 2;
        double half = Interval.Z * Math.sqrt((p * (1 - p) + z2 / 4) / effective);
        // at these shares the ends are exact, and rounding would leave the share itself outside
        double low = p == 0 ? 0 : Math.max(0, (centre - half) / (1 + z2));
        double high = p == 1 ? 1 : Math.min(1, (centre + half) / (1 + z2));
        return new Interval(low, high);
    }
}
