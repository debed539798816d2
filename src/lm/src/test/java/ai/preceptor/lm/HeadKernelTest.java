package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.KernelCalls;
import ai.preceptor.lm.torch.Kernels;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The head's ways back, of which a small model takes the first alone: with kept tiles, with tiles computed again (which a
 * large batch or vocabulary needs), and with bounded logits, in tiles of any size.
 */
class HeadKernelTest {
    private static final int ROWS = 12;
    private static final int WIDTH = 8;
    private static final int VOCABULARY = 300;
    /** So loose that logits are as good as unbounded. */
    private static final double CAP = 1e6;

    private static float[] normal(int seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Log-probabilities, and the gradients of the hidden states and twice of the head. */
    private record Way(float[] logprobs, float[] hidden, float[] head) {}

    private enum Kind {
        AGAIN,
        KEPT,
        FROZEN,
        CAPPED
    }

    private static Way way(Torch torch, Kind kind, int tile) {
        return way(torch, kind, tile, 1, 1);
    }

    /** Of hidden states divided by a number, at a temperature. */
    private static Way way(Torch torch, Kind kind, int tile, double divided, double temperature) {
        Kernels kernels = torch.kernels();
        try (Scope scope = torch.scope()) {
            NDArray h = scope.floats(over(normal(1, ROWS * WIDTH), divided), ROWS, WIDTH);
            NDArray w = scope.floats(normal(2, VOCABULARY * WIDTH), VOCABULARY, WIDTH);
            NDArray targets =
                    scope.indices(new Random(3).ints(ROWS, 0, VOCABULARY).toArray());
            NDArray slopes = scope.floats(over(normal(4, ROWS), temperature));
            NDArray head = scope.zeros(VOCABULARY, WIDTH);
            NDArray none = scope.zeros(0);
            double cap = kind == Kind.CAPPED ? CAP : 0;
            int keep = kind == Kind.CAPPED ? 0 : kind.ordinal();
            NDArray[] out = KernelCalls.callMany(
                    kernels, scope, "head_logprobs", h, w, targets, tile, cap, temperature, none, 0, keep, 6);
            float[] hidden = new float[0];
            for (boolean first : new boolean[] {true, false}) {
                NDArray[] kept = Arrays.copyOfRange(out, 3, out.length);
                NDArray dh = switch (kind) {
                    case KEPT ->
                        KernelCalls.call(
                                kernels, scope, "head_backward_kept", h, w, targets, out[1], slopes, head, first, kept);
                    case FROZEN -> KernelCalls.call(kernels, scope, "head_backward_frozen", kept[0], slopes);
                    case AGAIN ->
                        KernelCalls.call(
                                kernels,
                                scope,
                                "head_backward",
                                h,
                                w,
                                targets,
                                out[1],
                                slopes,
                                head,
                                first,
                                tile,
                                0.0,
                                temperature,
                                none,
                                none,
                                none);
                    case CAPPED ->
                        KernelCalls.call(
                                kernels,
                                scope,
                                "head_backward_capped",
                                h,
                                w,
                                targets,
                                out[1],
                                slopes,
                                head,
                                first,
                                tile,
                                cap,
                                temperature,
                                none,
                                none,
                                none);
                };
                hidden = dh.toFloatArray();
            }
            return new Way(out[0].toFloatArray(), hidden, head.toFloatArray());
        }
    }

    @Test
    void everyWay_inTilesOfAnySize_givesTheSame() {
        try (Torch torch = Torch.open("cpu", 1)) {
            Way expected = way(torch, Kind.KEPT, 4096);
            assertThat(expected.head()).isNotEqualTo(new float[VOCABULARY * WIDTH]);
            for (Kind kind : Kind.values()) {
                for (int tile : new int[] {16, 100, 300, 4096}) {
                    Way found = way(torch, kind, tile);
                    String name = kind + ", tile " + tile;
                    assertThat(found.logprobs()).as(name).containsExactly(expected.logprobs(), within(1e-5f));
                    assertThat(found.hidden()).as(name).containsExactly(expected.hidden(), within(1e-5f));
                    if (kind != Kind.FROZEN) {
                        assertThat(found.head()).as(name).containsExactly(expected.head(), within(1e-5f));
                    }
                }
            }
        }
    }

    /** Logits divided by T are those of hidden states divided by T, whose gradients by those are T times as large. */
    @Test
    void everyWay_atATemperature_isThatOfDividedHiddenStates() {
        double temperature = 0.7;
        try (Torch torch = Torch.open("cpu", 1)) {
            Way divided = way(torch, Kind.KEPT, 4096, temperature, 1);
            float[] hidden = over(divided.hidden(), temperature);
            for (Kind kind : Kind.values()) {
                for (int tile : new int[] {16, 100, 4096}) {
                    Way found = way(torch, kind, tile, 1, temperature);
                    String name = kind + ", tile " + tile;
                    assertThat(found.logprobs()).as(name).containsExactly(divided.logprobs(), within(1e-5f));
                    assertThat(found.hidden()).as(name).containsExactly(hidden, within(1e-5f));
                    if (kind != Kind.FROZEN) {
                        assertThat(found.head()).as(name).containsExactly(divided.head(), within(2e-5f));
                    }
                }
            }
        }
    }

    private static float[] over(float[] values, double divisor) {
        float[] divided = new float[values.length];
        for (int i = 0; i < divided.length; i++) {
            divided[i] = (float) (values[i] / divisor);
        }
        return divided;
    }

    /** Rounded to bfloat16, logits of this size would be wrong by up to 0.06. */
    @Test
    void logprobs_ofLargeLogitsInBfloat16_areThoseOfTheirExactSums() {
        try (Torch torch = Torch.open("cpu", 1);
                Scope scope = torch.scope()) {
            Kernels kernels = torch.kernels();
            NDArray targets =
                    scope.indices(new Random(3).ints(ROWS, 0, VOCABULARY).toArray());
            NDArray h = kernels.tensors().toType(scope, scope.floats(normal(1, ROWS * 64), ROWS, 64), 15);
            NDArray w = kernels.tensors().toType(scope, scope.floats(normal(2, VOCABULARY * 64), VOCABULARY, 64), 15);
            NDArray none = scope.zeros(0);
            NDArray h32 = kernels.tensors().toType(scope, h, 6);
            NDArray w32 = kernels.tensors().toType(scope, w, 6);
            for (int tile : new int[] {100, 4096}) {
                NDArray[] found = KernelCalls.callMany(
                        kernels, scope, "head_logprobs", h, w, targets, tile, 0.0, 1.0, none, 0, 0, 15);
                NDArray[] exact = KernelCalls.callMany(
                        kernels, scope, "head_logprobs", h32, w32, targets, tile, 0.0, 1.0, none, 0, 0, 6);
                assertThat(exact[1].max().getFloat()).isGreaterThan(20f);
                assertThat(found[0].toFloatArray()).containsExactly(exact[0].toFloatArray(), within(1e-3f));
            }
        }
    }
}
