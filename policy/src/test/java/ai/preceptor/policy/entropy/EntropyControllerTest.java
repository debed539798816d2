package ai.preceptor.policy.entropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EntropyControllerTest {
    private static final EntropyController.Adaptive ADAPTIVE = new EntropyController.Adaptive(0.01, 0.2, 0.005, 0, 1);

    @Nested
    class Fixed extends EntropyControllerContract {
        @Override
        protected EntropyController controller() {
            return new EntropyController.Fixed(0.01);
        }
    }

    @Nested
    class Adaptive extends EntropyControllerContract {
        @Override
        protected EntropyController controller() {
            return ADAPTIVE;
        }
    }

    @Test
    void adaptive_risesBelowTheTarget_fallsAboveIt_andStaysInItsBounds() {
        assertThat(ADAPTIVE.after(0.1).coefficient()).isCloseTo(0.015, within(1e-12));
        assertThat(ADAPTIVE.after(0.3).coefficient()).isCloseTo(0.005, within(1e-12));
        assertThat(ADAPTIVE.after(0.3).after(0.3).after(0.3).coefficient()).isZero();
        assertThat(ADAPTIVE.at(1).after(0.1).coefficient()).isEqualTo(1);
    }

    @Test
    void adaptive_isUsedUpToTheTarget() {
        assertThat(ADAPTIVE.coefficient(0.2)).isEqualTo(0.01);
        assertThat(ADAPTIVE.coefficient(0.21)).isZero();
        assertThat(ADAPTIVE.coefficient(Double.NaN)).isZero();
    }

    @Test
    void adaptive_outOfItsBounds_isRefused() {
        assertThatThrownBy(() -> new EntropyController.Adaptive(2, 0.2, 0.005, 0, 1))
                .hasMessage("entropy_coef: 2.0, must be in [0.0, 1.0]");
        assertThatThrownBy(() -> new EntropyController.Adaptive(0, 0.2, 0, 0, 1))
                .hasMessageStartingWith("entropy_coef_delta: 0.0");
    }
}
