package ai.preceptor.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {
    private static final long SEED = 20261124;

    /** The first four rows: Newcombe 1998, Two-sided confidence intervals for the single proportion, table I, method 3. */
    @ParameterizedTest
    @CsvSource({
        "81, 263, 0.2553, 0.3662",
        "15, 148, 0.0624, 0.1605",
        " 0,  20, 0.0000, 0.1611",
        " 1,  29, 0.0061, 0.1718",
        " 8,  10, 0.4902, 0.9433",
        "50, 100, 0.4038, 0.5962"
    })
    void interval_isWilsons(double successes, double trials, double low, double high) {
        Interval interval = new Proportion(successes, trials).interval();
        assertThat(interval.low()).isCloseTo(low, within(5e-5));
        assertThat(interval.high()).isCloseTo(high, within(5e-5));
    }

    /**
     * One of two, and z^2 = 3.8415: centre 0.5 + 3.8415/4 = 1.460365, half 1.959964 sqrt(0.125 + 3.8415/16) = 1.184265,
     * both over 1 + 3.8415/2 = 2.920729.
     */
    @Test
    void interval_byHand() {
        Interval interval = new Proportion(1, 2).interval();
        assertThat(interval.low()).isCloseTo((1.460365 - 1.184265) / 2.920729, within(1e-6));
        assertThat(interval.high()).isCloseTo((1.460365 + 1.184265) / 2.920729, within(1e-6));
    }

    @Test
    void interval_holdsTheRateAndStaysInTheUnit() {
        Random random = new Random(SEED);
        for (int round = 0; round < 1000; round++) {
            double trials = 1 + random.nextInt(500) + random.nextDouble();
            double successes = round % 10 == 0 ? trials : trials * random.nextDouble();
            Proportion share = new Proportion(successes, trials);
            String where = "seed " + SEED + " round " + round + " " + share;
            assertThat(share.interval().contains(share.rate())).as(where).isTrue();
            assertThat(share.interval().low()).as(where).isGreaterThanOrEqualTo(0);
            assertThat(share.interval().high()).as(where).isLessThanOrEqualTo(1);
            Interval mirrored = new Proportion(trials - successes, trials).interval();
            assertThat(mirrored.low()).as(where).isCloseTo(1 - share.interval().high(), within(1e-12));
        }
    }

    /**
     * Credits 1, 1, 0 and 1 and 0, 0: p = 1/2, deviations of the sums from size times p 1/2, 1/2, -1, so v = 1.5 / 36 and the effective
     * number is 1/4 * 36 / 1.5 = 6. Alike within clusters of 3, 1 and 2, of which the first is right: deviations 3/2, 1/2, 1, so
     * 1/4 * 36 / 3.5 = 2.571, no less than 36 / (9 + 1 + 4).
     */
    @Test
    void ofClusters_byHand() {
        assertThat(Proportion.ofClusters(List.of(credits(1, 1, 0), credits(1), credits(0, 0))))
                .isEqualTo(new Proportion(3, 6, 6));
        Proportion alike = Proportion.ofClusters(List.of(credits(1, 1, 1), credits(0), credits(0, 0)));
        assertThat(alike.effective()).isCloseTo(36 / 14.0, within(1e-12));
        assertThat(alike.interval().low())
                .isLessThan(new Proportion(3, 6).interval().low());
        assertThat(alike.interval().high())
                .isGreaterThan(new Proportion(3, 6).interval().high());
    }

    @Test
    void ofClusters_oneTrialEach_isOfIndependentTrials() {
        List<double[]> singles =
                IntStream.range(0, 20).mapToObj(i -> credits(i % 3 / 2.0)).toList();
        assertThat(Proportion.ofClusters(singles)).isEqualTo(new Proportion(9.5, 20));
    }

    /** Nothing is known of how alike they are. */
    @Test
    void ofClusters_allRight_countsClusters() {
        assertThat(Proportion.ofClusters(List.of(credits(1, 1), credits(1, 1), credits())))
                .isEqualTo(new Proportion(4, 4, 2));
    }

    /** 400 samples of 40 clusters of 5 that share a chance of success between 0.2 and 0.8: 95 % are to hold one half. */
    @Test
    void ofClusters_coversAsOftenAsItSays() {
        Random random = new Random(SEED);
        int covered = 0;
        int ofIndependent = 0;
        for (int round = 0; round < 400; round++) {
            List<double[]> clusters = new ArrayList<>();
            for (int c = 0; c < 40; c++) {
                double chance = 0.2 + 0.6 * random.nextInt(2);
                clusters.add(
                        random.doubles(5).map(draw -> draw < chance ? 1 : 0).toArray());
            }
            Proportion share = Proportion.ofClusters(clusters);
            covered += share.interval().contains(0.5) ? 1 : 0;
            ofIndependent +=
                    new Proportion(share.successes(), share.trials()).interval().contains(0.5) ? 1 : 0;
        }
        assertThat(covered / 400.0).as("seed %d", SEED).isBetween(0.92, 0.98);
        assertThat(ofIndependent / 400.0).as("seed %d, independent", SEED).isLessThan(0.9);
    }

    @Test
    void ofClusters_refusesWhatIsNoShare() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Proportion.ofClusters(List.of(credits())))
                .withMessage("trials: 0, must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Proportion.ofClusters(List.of(credits(0.5, 1.5))))
                .withMessage("credit: 1.5, must be in [0, 1]");
    }

    private static double[] credits(double... credits) {
        return credits;
    }

    @Test
    void constructor_refusesWhatIsNoShare() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Proportion(0, 0))
                .withMessage("trials: 0.0, must be finite and at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Proportion(3, 2))
                .withMessage("successes: 3.0, must be in [0, 2.0]");
        assertThatIllegalArgumentException().isThrownBy(() -> new Proportion(Double.NaN, 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Proportion(1, 2, 3))
                .withMessage("effective: 3.0, must be in [1, 2.0]");
    }

    @Test
    void interval_refusesEndsInTheWrongOrder() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Interval(1, 0))
                .withMessage("interval: [1.0, 0.0], must be low <= high");
    }
}
