package ai.preceptor.lm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.lm.generate.GeneratedToken;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.TestSampling;
import ai.preceptor.lm.generate.TokenRules;
import ai.preceptor.lm.torch.KernelCalls;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sampling kernel with settings at the ends of their ranges, and with logits that are none. */
class UnsafeNumbersTest {
    private static final float[] LOGITS = {0.5f, -0.4f, 1.2f, 0.1f, -1, 1.2f, 0.3f};
    private static final float NAN = Float.NaN;
    private static final float OUT = Float.NEGATIVE_INFINITY;
    private static final float HIGH = Float.POSITIVE_INFINITY;

    private static Torch torch;

    @BeforeAll
    static void open() {
        torch = Torch.open("cpu", 1);
    }

    @AfterAll
    static void close() {
        torch.close();
    }

    static Stream<SamplingOptions> extremes() {
        double[] smallest = {1e-30, 1e-39, 1e-46, 1e-320, Double.MIN_VALUE};
        List<SamplingOptions> all = new ArrayList<>();
        for (double tiny : smallest) {
            all.add(options(1, tiny, 0, 0));
            all.add(options(tiny, 1, 0, 0));
            all.add(options(tiny, tiny, 1 << 30, 1));
            all.add(options(1, 1, 0, tiny));
            all.add(options(1 / tiny > Double.MAX_VALUE ? Double.MAX_VALUE : 1 / tiny, 0.5, 0, 1));
            all.add(TestSampling.penalized(options(1, 1, 0, 0), tiny, 0, 0));
            all.add(TestSampling.penalized(options(tiny, tiny, 0, 1), Math.min(1e300, 1 / tiny), 0, 0));
        }
        all.add(options(1, Math.nextDown(1.0), 7, Math.nextDown(1.0)));
        all.add(TestSampling.penalized(options(1, 1, 0, 0), 1e300, 2, 2));
        all.add(TestSampling.penalized(options(1, 1, 0, 0), 1e-300, -2, -2));
        all.add(TestSampling.penalized(options(1, 1, 0, 0), 1e300, 2, 2)
                .with(new TokenRules(Map.of(2, -1e300, 5, 1e300), Set.of(2, 5))));
        all.add(TestSampling.penalized(options(1e-300, 1e-300, 2, 0), 1e300, 0, 0)
                .with(new TokenRules(Map.of(2, 1e300, 5, Double.NEGATIVE_INFINITY), Set.of(2, 5))));
        return all.stream();
    }

    private static SamplingOptions options(double temperature, double topP, int topK, double minP) {
        return TestSampling.of(8, temperature, topP, topK, minP, 5);
    }

    @ParameterizedTest
    @MethodSource("extremes")
    void draw_extremeSettings_givesATokenOfFiniteProbability(SamplingOptions options) {
        int rows = 64;
        double[] drawn = draw(LOGITS, sample(options), rows);
        for (int row = 0; row < rows; row++) {
            assertThat(drawn[row]).isBetween(0.0, LOGITS.length - 1.0);
            assertThat(drawn[rows + row]).as("log-probability").isFinite().isLessThanOrEqualTo(0);
            assertThat(drawn[2 * rows + row]).as("share of what was kept").isFinite();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-46, 1e-320})
    void draw_nucleusThatUnderflows_keepsTheMostProbable(double topP) {
        int rows = 64;
        double[] drawn = draw(LOGITS, sample(options(1, topP, 0, 0)), rows);
        for (int row = 0; row < rows; row++) {
            assertThat(drawn[row]).as("one of the two most probable").isIn(2.0, 5.0);
        }
    }

    @Test
    void draw_temperatureThatUnderflows_takesTheMostProbable() {
        int rows = 64;
        double[] drawn = draw(LOGITS, sample(options(1e-46, 1, 0, 0)), rows);
        for (int row = 0; row < rows; row++) {
            assertThat(drawn[row]).as("one of the two most probable").isIn(2.0, 5.0);
        }
    }

    static Stream<float[]> broken() {
        return Stream.of(
                new float[] {NAN, NAN, NAN, NAN, NAN, NAN, NAN},
                new float[] {OUT, OUT, OUT, OUT, OUT, OUT, OUT},
                new float[] {HIGH, 0, 0, 0, 0, 0, 0},
                new float[] {HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH},
                new float[] {0, 0, 0, NAN, 0, 0, 0},
                new float[] {HIGH, OUT, NAN, 0, 0, 0, 0});
    }

    @ParameterizedTest
    @MethodSource("broken")
    void draw_logitsThatAreNone_isTold_andIdsStayPlaces(float[] logits) {
        for (SamplingOptions options : List.of(
                SamplingOptions.greedy(8),
                options(1, 1, 0, 0),
                options(0.7, 0.9, 3, 0.1),
                TestSampling.penalized(options(1, 1, 0, 0), 1.2, 0.1, 0.1))) {
            double[] drawn = draw(logits, sample(options), 3);
            for (int row = 0; row < 3; row++) {
                assertThat(drawn[row]).as("id by %s", options).isBetween(0.0, 15.0);
                assertThat(drawn[3 + row] + drawn[6 + row]).as("by %s", options).isNotFinite();
            }
        }
    }

    @Test
    void draw_weightsThatAreAllZero_staysInside() {
        try (Scope scope = torch.scope()) {
            for (float weight : new float[] {0, NAN, HIGH}) {
                float[] e = new float[64];
                Arrays.fill(e, weight);
                var out = KernelCalls.callMany(
                        torch.kernels(), scope, "draw", scope.floats(e, 1, 16, 4), scope.longs(new long[] {
                            (1L << 48) - 1
                        }));
                assertThat(out[0].toLongArray()[0]).isBetween(0L, 63L);
                assertThat(out[1].toDoubleArray()[0]).isNotFinite();
            }
        }
    }

    /** Prompt {1, 2}, so far {2, 2, 5}. */
    private static Sample sample(SamplingOptions options) {
        GenerationHandle handle = new GenerationHandle(0, new GenerationRequest(new int[] {1, 2}, 1, options));
        Sample sample = new Sample(new QueuedPrompt(handle, Long.MAX_VALUE), 0, new BitSet(), 8, null);
        for (int id : new int[] {2, 2, 5}) {
            sample.accept(new GeneratedToken(id, -1, -1, List.of()), null);
        }
        return sample;
    }

    private static double[] draw(float[] logits, Sample sample, int count) {
        List<Sample> rows = Collections.nCopies(count, sample);
        try (Scope scope = torch.scope()) {
            long[] bits = new long[count];
            float[] all = new float[count * logits.length];
            for (int i = 0; i < count; i++) {
                bits[i] = sample.options().settings().isGreedy() ? 0 : new TokenDraws(3, i).bits(0);
                System.arraycopy(logits, 0, all, i * logits.length, logits.length);
            }
            RowSettings settings = RowSettings.of(rows);
            return KernelCalls.callMany(
                    torch.kernels(),
                    scope,
                    "choose_tokens",
                    scope.floats(all, count, logits.length),
                    0.0,
                    scope.longs(bits),
                    settings.tensor(scope),
                    LogitEdits.of(scope, rows, settings.edited(), 16),
                    settings.flags())[0]
                    .toDoubleArray();
        }
    }
}
