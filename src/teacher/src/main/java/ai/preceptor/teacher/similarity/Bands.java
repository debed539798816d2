package ai.preceptor.teacher.similarity;

import ai.preceptor.data.setting.Range;
import java.util.function.DoubleUnaryOperator;

/**
 * How a signature is cut for locality-sensitive hashing: two signatures are candidates if they agree in a whole band. Sets of
 * similarity s do so with probability {@code 1 - (1 - s^rows)^bands}. Source: Leskovec, Rajaraman and Ullman, Mining of
 * Massive Datasets, 3.4.
 *
 * @param bands 1 or more
 * @param rows numbers in a band, 1 or more
 */
public record Bands(int bands, int rows) {
    /** Intervals of the integration; enough for what it decides, see the golden test. */
    private static final int INTERVALS = 400;

    /**
     * The cut with the least weighted error: the probability of a candidate, integrated below the threshold, and of a miss,
     * above it.
     *
     * @param threshold similarity from which on two sets should be candidates, in (0, 1)
     * @param permutations numbers in a signature, 1 or more
     * @param missWeight weight of a miss, 0 to 1; the rest is that of a candidate too many
     */
    public static Bands optimal(double threshold, int permutations, double missWeight) {
        Range.require("threshold", threshold, "(0, 1)");
        Range.require("miss weight", missWeight, "[0, 1]");
        Bands best = new Bands(1, 1);
        double least = Double.POSITIVE_INFINITY;
        for (int bands = 1; bands <= permutations; bands++) {
            for (int rows = 1; rows <= permutations / bands; rows++) {
                Bands cut = new Bands(bands, rows);
                double tooMany = integral(cut::probability, 0, threshold);
                double missed = integral(s -> 1 - cut.probability(s), threshold, 1);
                double error = tooMany * (1 - missWeight) + missed * missWeight;
                if (error < least) {
                    least = error;
                    best = cut;
                }
            }
        }
        return best;
    }

    /** That two sets are candidates. */
    public double probability(double similarity) {
        return 1 - Math.pow(1 - Math.pow(similarity, rows), bands);
    }

    /** By Simpson's rule. */
    private static double integral(DoubleUnaryOperator function, double from, double to) {
        double step = (to - from) / INTERVALS;
        double sum = function.applyAsDouble(from) + function.applyAsDouble(to);
        for (int i = 1; i < INTERVALS; i++) {
            sum += (i % 2 == 0 ? 2 : 4) * function.applyAsDouble(from + i * step);
        }
        return sum * step / 3;
    }
}
