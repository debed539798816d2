package ai.preceptor.policy.kl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What every {@link KlController} owes. An implementation's test extends this. */
public abstract class KlControllerContract {

    /** The controller under test, with a coefficient above 0. */
    protected abstract KlController controller();

    @Test
    void name_saysSomething() {
        assertThat(controller().name()).isNotBlank();
        assertThat(controller().after(3, 8).name()).isEqualTo(controller().name());
    }

    @Test
    void after_anyKl_leavesALegalCoefficientAndTheControllerAsItWas() {
        KlController controller = controller();
        double before = controller.beta();
        for (double kl : new double[] {0, -5, 1e9, Double.NaN, Double.POSITIVE_INFINITY}) {
            for (int samples : new int[] {0, 1, 1_000_000}) {
                assertThat(controller.after(kl, samples).beta())
                        .as("kl %s, %d samples", kl, samples)
                        .isFinite()
                        .isNotNegative();
            }
        }
        assertThat(controller.beta()).isEqualTo(before).isFinite().isNotNegative();
    }

    /** A checkpoint keeps the coefficient alone. */
    @Test
    void at_theCoefficientOfAStep_goesOnAsThatStepDoes() {
        KlController later = controller().after(4, 100).after(9, 50);
        KlController restored = controller().at(later.beta());
        assertThat(restored.beta()).isEqualTo(later.beta());
        assertThat(restored.after(2, 70).beta()).isEqualTo(later.after(2, 70).beta());
    }

    @Test
    void at_aNegativeCoefficient_isRefused() {
        assertThatThrownBy(() -> controller().at(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
