package ai.preceptor.policy.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class WhiteningTest {

    /** 1, 3 and 5: mean 3, sample variance 8/2. */
    @Test
    void of_shiftsAndScalesOverAllSequences() {
        List<double[]> white = new Whitening(true).of(List.of(new double[] {1, 5}, new double[] {3}));
        double unit = 2 / Math.sqrt(8.0 / 2);
        assertThat(white.get(0)).containsExactly(new double[] {-unit, unit}, within(1e-8));
        assertThat(white.get(1)).containsExactly(0);
    }

    @Test
    void of_withoutShift_keepsTheMean() {
        List<double[]> white = new Whitening(false).of(List.of(new double[] {1, 5}, new double[] {3}));
        double unit = 2 / Math.sqrt(8.0 / 2);
        assertThat(white.get(0)).containsExactly(new double[] {3 - unit, 3 + unit}, within(1e-8));
    }

    @Test
    void of_equalNumbers_areZero() {
        assertThat(new Whitening(true).of(List.of(new double[] {2, 2})).get(0)).containsOnly(0);
    }

    @Test
    void of_nothing_isNothing() {
        assertThat(new Whitening(true).of(List.of())).isEmpty();
    }

    /** One number has no deviation. */
    @Test
    void of_oneNumber_isItsDistanceToItself() {
        assertThat(new Whitening(true).of(List.of(new double[] {2})).get(0)).containsExactly(0);
        assertThat(new Whitening(false).of(List.of(new double[] {2})).get(0)).containsExactly(2);
    }
}
