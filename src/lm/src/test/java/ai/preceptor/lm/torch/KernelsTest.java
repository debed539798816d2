package ai.preceptor.lm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.preceptor.data.ConfigurationException;
import org.junit.jupiter.api.Test;

class KernelsTest {
    @Test
    void rmsNorm_handWorkedRow() {
        try (Torch torch = Torch.open("cpu", 1);
                Scope scope = torch.scope()) {
            // mean of squares of (3, 4) is 12.5, so y = (3, 4) / sqrt(12.5) * (1, 2)
            NDArray y = torch.kernels()
                    .call(
                            scope,
                            "rms_norm_with",
                            scope.floats(new float[] {3, 4}, 1, 2),
                            scope.floats(new float[] {(float) (1 / Math.sqrt(12.5))}, 1, 1),
                            scope.floats(new float[] {1, 2}),
                            6);
            assertThat(y.toFloatArray()[0]).isCloseTo(0.848528f, within(1e-6f));
            assertThat(y.toFloatArray()[1]).isCloseTo(2.262742f, within(1e-6f));
        }
    }

    @Test
    void liveTensors_countsOpenScopesOnly() {
        try (Torch torch = Torch.open("cpu", 1)) {
            long before = torch.liveTensors();
            try (Scope scope = torch.scope()) {
                scope.zeros(2, 2);
                scope.sub().zeros(3);
                assertThat(torch.liveTensors()).isEqualTo(before + 2);
            }
            assertThat(torch.liveTensors()).isEqualTo(before);
        }
    }

    @Test
    void open_unknownDevice_isRefused() {
        assertThatThrownBy(() -> Torch.open("tpu", 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("\"tpu\"")
                .hasMessageContaining("auto, cpu or cuda:N");
    }
}
