package ai.preceptor.lm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.preceptor.data.ConfigurationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelsTest {
    @Test
    void rmsNorm_handWorkedRow() {
        try (Torch torch = Torch.open("cpu", 1);
                Scope scope = torch.scope()) {
            // mean of squares of (3, 4) is 12.5, so y = (3, 4) / sqrt(12.5) * (1, 2)
            NDArray y = KernelCalls.call(
                    torch.kernels(),
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
    void call_wrongNumberOfArguments_saysWhatTheKernelTakes() {
        try (Torch torch = Torch.open("cpu", 1);
                Scope scope = torch.scope()) {
            NDArray x = scope.zeros(1, 2);
            assertThatThrownBy(() -> KernelCalls.call(torch.kernels(), scope, "rms_norm_with", x, x))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "kernel rms_norm_with: received 2 arguments, expected 4: x: Tensor, scale: Tensor, w: Tensor,"
                                    + " type: int");
            assertThatThrownBy(() -> torch.kernels().find("rms_nrom"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("kernel rms_nrom: expected one of [")
                    .hasMessageContaining("rms_norm_with");
        }
    }

    /** A copy of a kernel's declaration, as its author might get it wrong. */
    interface OtherOrder {
        @Takes("value, x")
        void fill(double value, NDArray x);
    }

    interface OtherType {
        @Takes("x, value")
        void fill(NDArray x, long value);
    }

    @Test
    void methods_thatTakeOtherParametersThanTheirKernels_areRefused() {
        try (Torch torch = Torch.open("cpu", 1)) {
            assertThatThrownBy(() -> KernelMethods.of(OtherOrder.class, torch.kernels()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("kernel fill: takes [x: Tensor, value: float],"
                            + " but is called with [value: float, x: Tensor]");
            assertThatThrownBy(() -> KernelMethods.of(OtherType.class, torch.kernels()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith("but is called with [x: Tensor, value: int]");
        }
    }

    @Test
    void code_hasElementTypesByTheirNumbers() throws IOException {
        String code = KernelSource.read(KernelSource.areas("unpacked")).code();
        assertThat(code).contains("dtype=6").doesNotContainPattern("\\b(FLOAT32|FLOAT64|INT64|BFLOAT16|UINT8|BOOL)\\b");
    }

    /** Each Torch has an observer of its own, though what they call is compiled once. */
    @Test
    void observer_isToldTheCallsOfItsOwnTorch_alsoAfterAnotherIsClosed() {
        List<String> calls = new ArrayList<>();
        try (Torch torch = Torch.open("cpu", 1);
                Scope scope = torch.scope()) {
            NDArray x = scope.zeros(2);
            torch.kernels().observe(calls::add);
            try (Torch other = Torch.open("cpu", 1);
                    Scope its = other.scope()) {
                other.kernels().tensors().fill(its.zeros(2), 1);
            }
            assertThat(calls).isEmpty();
            torch.kernels().tensors().fill(x, 3);
            assertThat(calls).containsExactly("fill");
            assertThat(x.toFloatArray()).containsExactly(3, 3);
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
