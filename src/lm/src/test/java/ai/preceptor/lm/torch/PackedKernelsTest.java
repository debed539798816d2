package ai.preceptor.lm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.preceptor.testkit.FloatArrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products by oneDNN, of matrices it laid out or of large ones, are those of PyTorch's default. */
class PackedKernelsTest {
    private static final int WIDTH = 24;
    private static final int INNER = 40;
    private static final int ROWS = 5;
    /** Heads, key heads, norm, activation, gated, side by side, window. */
    private static final long[][] PLANS = {{1, 1, 0, 0, 1, 0, 0}, {1, 1, 0, 2, 1, 0, 0}, {1, 1, 0, 1, 0, 0, 0}};

    private final Random random = new Random(7);

    @ParameterizedTest
    @CsvSource({
        "packed,0,true,0",
        "packed,1,true,0",
        "packed,2,true,0",
        "packed,0,true,1",
        "packed,0,false,1",
        "unpacked,0,true,0",
        "unpacked,1,true,1",
        "unpacked,2,true,1"
    })
    void mlp_ofEitherLayout_isThatOfTraining(String packing, int which, boolean pack, int biased) {
        long[] plan = PLANS[which];
        boolean gated = plan[4] == 1;
        int up = gated ? 2 * INNER : INNER;
        try (Torch torch = Torch.open("cpu", 1);
                Scope scope = torch.scope()) {
            Kernels kernels = Kernels.load(Device.cpu(), packing);
            NDArray h = numbers(scope, ROWS, WIDTH);
            NDArray[] w = {
                numbers(scope, WIDTH, WIDTH),
                numbers(scope, WIDTH, WIDTH),
                numbers(scope, up, WIDTH),
                numbers(scope, WIDTH, INNER)
            };
            NDArray none = scope.floats(new float[0], 0);
            NDArray[] b = {
                none, none, biased == 1 ? numbers(scope, up) : none, biased == 1 ? numbers(scope, WIDTH) : none
            };
            NDArray[] matrices = KernelCalls.callMany(
                    kernels, scope, "decode_matrices", w, numbers(scope, 8, WIDTH), gated, pack, ROWS);
            assertThat(matrices).hasSize(6);
            NDArray given = KernelCalls.call(kernels, scope, "decode_mlp", h, matrices, b, 0, plan);
            NDArray inner = KernelCalls.call(
                    kernels, scope, "activate", KernelCalls.call(kernels, scope, "project", h, w, b, 2), plan);
            NDArray expected = KernelCalls.call(kernels, scope, "project", inner, w, b, 3);
            FloatArrays.assertClose("decode_mlp", given.toFloatArray(), expected.toFloatArray(), 2e-5);
        }
    }

    /** In float32 a product of this size is another kernel's than a small one's. */
    @ParameterizedTest
    @ValueSource(strings = {"packed", "unpacked"})
    void largeProducts_areTheSumsOfSmallOnes(String packing) {
        try (Torch torch = Torch.open("cpu", 2);
                Scope scope = torch.scope()) {
            Kernels kernels = Kernels.load(Device.cpu(), packing);
            NDArray x = numbers(scope, 260, 1030);
            NDArray w = numbers(scope, 520, 1030);
            NDArray dy = numbers(scope, 260, 520);
            NDArray bias = numbers(scope, 520);
            float[] whole =
                    KernelCalls.call(kernels, scope, "linear", x, w, bias).toFloatArray();
            float[] backward =
                    KernelCalls.call(kernels, scope, "linear_backward", dy, w).toFloatArray();
            int last = 259;
            NDArray row = kernels.tensors().rowsOf(scope, x, last, 1);
            float[] small =
                    KernelCalls.call(kernels, scope, "linear", row, w, bias).toFloatArray();
            for (int i = 0; i < small.length; i++) {
                assertThat(whole[last * 520 + i]).isCloseTo(small[i], within(1e-4f));
            }
            NDArray one = kernels.tensors().rowsOf(scope, dy, last, 1);
            float[] smallBackward =
                    KernelCalls.call(kernels, scope, "linear_backward", one, w).toFloatArray();
            for (int i = 0; i < smallBackward.length; i++) {
                assertThat(backward[last * 1030 + i]).isCloseTo(smallBackward[i], within(1e-4f));
            }
        }
    }

    private NDArray numbers(Scope scope, long... shape) {
        long size = 1;
        for (long side : shape) {
            size *= side;
        }
        float[] numbers = new float[(int) size];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian() * 0.5f;
        }
        return scope.floats(numbers, shape);
    }
}
