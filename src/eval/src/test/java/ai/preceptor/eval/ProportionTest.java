package ai.preceptor.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
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

    @Test
    void constructor_refusesWhatIsNoShare() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Proportion(0, 0))
                .withMessage("trials: 0.0, must be finite and at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Proportion(3, 2))
                .withMessage("successes: 3.0, must be in [0, 2.0]");
        assertThatIllegalArgumentException().isThrownBy(() -> new Proportion(Double.NaN, 2));
    }

    @Test
    void interval_refusesEndsInTheWrongOrder() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Interval(1, 0))
                .withMessage("interval: [1.0, 0.0], must be low <= high");
    }
}
