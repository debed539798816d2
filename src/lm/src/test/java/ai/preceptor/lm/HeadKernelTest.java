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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The head's ways back, of which a small model takes the first alone: with kept tiles, with tiles computed again (which a
 * large batch or vocabulary needs), and with bounded logits, in tiles of any size.
 */
class HeadKernelTest {
    private static final int ROWS = 12;
    private static final int WIDTH = 8;
    private static final int VOCABULARY = 300;
    /** So wide that logits are large. */
    private static final int WIDE = 64;

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
                    case AGAIN, CAPPED ->
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
            NDArray h = kernels.tensors().toType(scope, scope.floats(normal(1, ROWS * WIDE), ROWS, WIDE), 15);
            NDArray w =
                    kernels.tensors().toType(scope, scope.floats(normal(2, VOCABULARY * WIDE), VOCABULARY, WIDE), 15);
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

    /** Gradients of the hidden states and of the head, from slopes of 1 by log-probabilities or by entropies. */
    private record Slopes(float[] hidden, float[] head) {
        /**
         * @param forward hidden states and weights of the forward pass
         * @param backward weights of the backward pass
         */
        static Slopes of(
                Kernels kernels, Scope scope, NDArray[] forward, NDArray backward, NDArray targets, Loss loss) {
            NDArray none = scope.zeros(0);
            NDArray[] out = KernelCalls.callMany(
                    kernels,
                    scope,
                    "head_logprobs",
                    forward[0],
                    forward[1],
                    targets,
                    100,
                    loss.cap,
                    1.0,
                    none,
                    1,
                    0,
                    6);
            float[] ones = new float[ROWS];
            Arrays.fill(ones, 1);
            NDArray head = scope.zeros(VOCABULARY, WIDE);
            NDArray hidden = KernelCalls.call(
                    kernels,
                    scope,
                    "head_backward",
                    forward[0],
                    backward,
                    targets,
                    out[1],
                    loss.entropies ? scope.zeros(ROWS) : scope.floats(ones),
                    head,
                    true,
                    100,
                    loss.cap,
                    1.0,
                    none,
                    out[3],
                    loss.entropies ? scope.floats(ones) : none);
            return new Slopes(hidden.toFloatArray(), head.toFloatArray());
        }
    }

    private record Loss(boolean entropies, double cap) {}

    /**
     * Targets are the most probable tokens, most of them with a probability near 1, so what is left of their gradient is less
     * than what rounding does to their logits. Its error is relative to itself, but for what rounding leaves of the target's row.
     */
    @ParameterizedTest
    @CsvSource({"15, false, 0", "15, false, 1e6", "15, true, 0", "15, true, 1e6", "6, false, 0", "6, false, 1e6"})
    void backward_ofTokensTheModelIsSureOf_inBfloat16_isNearFloat32(int forward, boolean entropies, double cap) {
        Loss loss = new Loss(entropies, cap);
        try (Torch torch = Torch.open("cpu", 1);
                Scope scope = torch.scope()) {
            Kernels kernels = torch.kernels();
            NDArray h = scope.floats(normal(1, ROWS * WIDE), ROWS, WIDE);
            NDArray w = scope.floats(normal(2, VOCABULARY * WIDE), VOCABULARY, WIDE);
            NDArray rounded = kernels.tensors().toType(scope, w, 15);
            NDArray[] passed = {
                kernels.tensors().toType(scope, h, forward), kernels.tensors().toType(scope, w, forward)
            };
            NDArray[] ranked = KernelCalls.callMany(
                    kernels, scope, "ranked_tokens", h, w, scope.indices(new int[ROWS]), 1, 0.0, ROWS);
            NDArray targets = scope.longs(ranked[2].toLongArray());
            Slopes exact = Slopes.of(kernels, scope, new NDArray[] {h, w}, w, targets, loss);
            Slopes found = Slopes.of(kernels, scope, passed, rounded, targets, loss);
            float[] zeros = new float[WIDE];
            for (int row = 0; row < ROWS; row++) {
                double length = distance(exact.hidden, row, zeros, 0);
                int target = (int) ranked[2].toLongArray()[row];
                double least = 5e-4 * distance(normal(2, VOCABULARY * WIDE), target, zeros, 0);
                assertThat(distance(found.hidden, row, exact.hidden, row))
                        .as("row " + row)
                        .isLessThan(0.15 * length + least);
            }
            float[] sums = new float[WIDE];
            for (int i = 0; i < found.head.length; i++) {
                sums[i % WIDE] += found.head[i];
            }
            assertThat(sums).as("sum over the vocabulary").containsExactly(zeros, within(0.02f));
        }
    }

    private static double distance(float[] a, int rowOfA, float[] b, int rowOfB) {
        double sum = 0;
        for (int i = 0; i < WIDE; i++) {
            double difference = (double) a[rowOfA * WIDE + i] - b[rowOfB * WIDE + i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }
}
