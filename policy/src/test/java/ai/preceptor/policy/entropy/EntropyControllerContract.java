package ai.preceptor.policy.entropy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What every {@link EntropyController} owes. An implementation's test extends this. */
public abstract class EntropyControllerContract {

    /** The controller under test, at its start. */
    protected abstract EntropyController controller();

    @Test
    void name_saysSomething() {
        assertThat(controller().name()).isNotBlank();
    }

    @Test
    void after_anyEntropy_staysFinite_andComesBackFromItsCoefficient() {
        EntropyController now = controller();
        for (double entropy : new double[] {0, 0.1, 5, Double.NaN, 0.2, 1e300}) {
            now = now.after(entropy);
            assertThat(now.coefficient()).isFinite();
            assertThat(now.coefficient(entropy)).isFinite();
            EntropyController restored = controller().at(now.coefficient());
            assertThat(restored.coefficient(0.1)).isEqualTo(now.coefficient(0.1));
            assertThat(restored.after(0.3).coefficient())
                    .isEqualTo(now.after(0.3).coefficient());
        }
    }

    @Test
    void isActive_whereTheCoefficientIsNotZero() {
        assertThat(controller().coefficient() == 0 || controller().isActive()).isTrue();
    }
}
