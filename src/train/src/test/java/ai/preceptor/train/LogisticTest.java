package ai.preceptor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LogisticTest {

    @Test
    void sigmoid_isTheHandWorkedValueAndAddsUpToOne() {
        assertThat(Logistic.sigmoid(0)).isEqualTo(0.5);
        assertThat(Logistic.sigmoid(Math.log(3))).isCloseTo(0.75, within(1e-15));
        assertThat(Logistic.sigmoid(2.5) + Logistic.sigmoid(-2.5)).isCloseTo(1, within(1e-15));
    }

    @Test
    void logSigmoid_isTheLogarithmOfTheSigmoid() {
        for (double x = -30; x <= 30; x += 0.5) {
            assertThat(Logistic.logSigmoid(x)).isCloseTo(Math.log(Logistic.sigmoid(x)), within(1e-12));
        }
    }

    @Test
    void atTheEnds_neitherOverflowsNorRoundsToNothing() {
        assertThat(Logistic.logSigmoid(-1e6)).isEqualTo(-1e6);
        assertThat(Logistic.logSigmoid(50)).isCloseTo(-Math.exp(-50), within(1e-30));
        assertThat(Logistic.sigmoid(-1e6)).isZero();
        assertThat(Logistic.sigmoid(1e6)).isEqualTo(1);
    }
}
