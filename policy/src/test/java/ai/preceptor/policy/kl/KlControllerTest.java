package ai.preceptor.policy.kl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class KlControllerTest {

    @Test
    void fixed_neverChanges() {
        KlController fixed = new KlController.Fixed(0.05);
        assertThat(fixed.after(1e6, 1000)).isSameAs(fixed);
        assertThat(new KlController.Fixed(0).beta()).isZero();
    }

    /** KL 10 % over the target, 256 of 10,000 samples: 0.2 (1 + 0.1 x 0.0256). */
    @Test
    void adaptive_smallError_isProportional() {
        KlController next = new KlController.Adaptive(0.2, 6, 10_000).after(6.6, 256);
        assertThat(next.beta()).isCloseTo(0.2 * (1 + 0.1 * 0.0256), within(1e-12));
    }

    @Test
    void adaptive_largeError_isClippedAtAFifth() {
        KlController adaptive = new KlController.Adaptive(0.2, 6, 1000);
        assertThat(adaptive.after(600, 100).beta()).isCloseTo(0.2 * (1 + 0.2 * 0.1), within(1e-12));
        assertThat(adaptive.after(-600, 100).beta()).isCloseTo(0.2 * (1 - 0.2 * 0.1), within(1e-12));
    }

    @Test
    void adaptive_onTarget_isAFixedPoint() {
        KlController adaptive = new KlController.Adaptive(0.2, 6, 1000);
        assertThat(adaptive.after(6, 100)).isEqualTo(adaptive);
    }

    @Test
    void adaptive_batchBeyondTheHorizonOrUndefinedKl_keepsBetaPositive() {
        KlController adaptive = new KlController.Adaptive(0.2, 6, 10);
        assertThat(adaptive.after(0, 1_000_000).beta()).isCloseTo(0.2 * 0.8, within(1e-12));
        assertThat(adaptive.after(Double.NaN, 5)).isEqualTo(adaptive);
    }

    /** A policy whose KL falls as the coefficient rises settles where its KL is the target. */
    @Test
    void adaptive_inALoop_settlesOnTheTarget() {
        KlController controller = new KlController.Adaptive(1, 6, 1000);
        double kl = 0;
        for (int step = 0; step < 2000; step++) {
            kl = 2 / controller.beta();
            controller = controller.after(kl, 100);
        }
        assertThat(kl).isCloseTo(6, within(1e-3));
    }

    @Test
    void constructors_refuseImpossibleNumbers() {
        assertThatThrownBy(() -> new KlController.Fixed(-1)).hasMessageContaining("beta: -1.0");
        assertThatThrownBy(() -> new KlController.Adaptive(0, 6, 1)).hasMessageContaining("beta: 0.0");
        assertThatThrownBy(() -> new KlController.Adaptive(1, 0, 1)).hasMessageContaining("kl target: 0.0");
        assertThatThrownBy(() -> new KlController.Adaptive(1, 6, 0)).hasMessageContaining("kl horizon: 0");
    }
}
