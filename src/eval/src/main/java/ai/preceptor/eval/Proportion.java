package ai.preceptor.eval;

/**
 * A proportion of independent trials.
 *
 * <p>The interval is Wilson's: with rate p, n trials and z = 1.96,
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
 */
public record Proportion(double successes, double trials) {

    /** @throws IllegalArgumentException if there is less than one trial, or {@code successes} is not in [0, trials] */
    public Proportion {
        if (!(trials >= 1) || Double.isInfinite(trials)) {
            throw new IllegalArgumentException("trials: " + trials + ", must be finite and at least 1");
        }
        if (!(successes >= 0 && successes <= trials)) {
            throw new IllegalArgumentException("successes: " + successes + ", must be in [0, " + trials + "]");
        }
    }

    /** Successes per trial. */
    public double rate() {
        return successes / trials;
    }

    /** Wilson's 95 % interval. */
    public Interval interval() {
        double p = rate();
        double z2 = Interval.Z * Interval.Z / trials;
        double centre = p + z2 / 2;
        double half = Interval.Z * Math.sqrt((p * (1 - p) + z2 / 4) / trials);
        // at these shares the ends are exact, and rounding would leave the share itself outside
        double low = p == 0 ? 0 : Math.max(0, (centre - half) / (1 + z2));
        double high = p == 1 ? 1 : Math.min(1, (centre + half) / (1 + z2));
        return new Interval(low, high);
    }
}
