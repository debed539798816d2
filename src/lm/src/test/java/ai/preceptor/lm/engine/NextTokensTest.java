package ai.preceptor.lm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.TestSampling;
import ai.preceptor.lm.torch.KernelCalls;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The sampling kernel against the distribution it must follow; logits are given through a head of one input. */
class NextTokensTest {
    private static final int DRAWS = 20_000;
    private static final int LARGE = 6400;

    private static Torch torch;

    @BeforeAll
    static void open() {
        torch = Torch.open("cpu", 1);
    }

    @AfterAll
    static void close() {
        torch.close();
    }

    static Stream<Arguments> settings() {
        return Stream.of(
                Arguments.of(9, TestSampling.of(1, 1, 1, 0, 0, 11)),
                Arguments.of(9, TestSampling.of(1, 0.6, 1, 0, 0, 12)),
                Arguments.of(9, TestSampling.of(1, 1.7, 1, 4, 0, 13)),
                Arguments.of(9, TestSampling.of(1, 1, 0.7, 0, 0, 14)),
                Arguments.of(9, TestSampling.of(1, 1, 1, 0, 0.3, 15)),
                Arguments.of(9, TestSampling.of(1, 1.3, 0.8, 6, 0.1, 16)),
                Arguments.of(9, TestSampling.of(1, 1, 0.01, 0, 0, 17)),
                Arguments.of(9, TestSampling.of(1, 1, 1, 50, 0, 18)),
                Arguments.of(150, TestSampling.of(1, 1, 1, 0, 0, 19)),
                Arguments.of(128, TestSampling.of(1, 0.8, 0.9, 40, 0, 20)));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void draws_followTheFilteredDistribution(int vocabulary, SamplingOptions options) {
        float[] logits = logits(vocabulary, options.seed(), 1.5);
        double[] expected = ReferenceFilter.probabilities(logits, options);
        int[] counts = new int[vocabulary];
        double[] untouched = ReferenceFilter.softmax(wide(logits));
        double[] drawn = draw(logits, options);
        for (int i = 0; i < DRAWS; i++) {
            int id = (int) drawn[i];
            counts[id]++;
            assertThat(drawn[DRAWS + i]).isCloseTo(Math.log(untouched[id]), within(1e-5));
        }
        double chi = 0;
        int kept = 0;
        for (int id = 0; id < vocabulary; id++) {
            if (expected[id] == 0) {
                assertThat(counts[id]).as("draws of filtered token %d", id).isZero();
            } else {
                chi += Math.pow(counts[id] - DRAWS * expected[id], 2) / (DRAWS * expected[id]);
                kept++;
            }
        }
        // Wilson and Hilferty's approximation: 3.7 standard deviations, one in ten thousand.
        double df = Math.max(1, kept - 1);
        double limit = df * Math.pow(1 - 2 / (9 * df) + 3.7 * Math.sqrt(2 / (9 * df)), 3);
        assertThat(chi).as("chi-square of %d tokens", kept).isLessThan(limit);
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void cutOff_largeVocabulary_isTheReferences(double spread, SamplingOptions options) {
        float[] logits = logits(LARGE, options.seed(), spread);
        float cut = cutOffs(List.of(logits), List.of(options))[0];
        assertThat(count(logits, cut)).isEqualTo(count(logits, lowestKept(logits, options)));
    }

    @Test
    void cutOff_rowsOfDifferentNeed_eachIsTheReferences() {
        List<float[]> logits = new ArrayList<>();
        List<SamplingOptions> options = new ArrayList<>();
        cuts().map(Arguments::get).limit(7).forEach(cut -> {
            options.add((SamplingOptions) cut[1]);
            logits.add(logits(LARGE, ((SamplingOptions) cut[1]).seed(), (double) cut[0]));
        });
        float[] cuts = cutOffs(logits, options);
        for (int row = 0; row < cuts.length; row++) {
            float[] own = logits.get(row);
            assertThat(count(own, cuts[row]))
                    .as("kept of row %d", row)
                    .isEqualTo(count(own, lowestKept(own, options.get(row))));
        }
    }

    private static float lowestKept(float[] logits, SamplingOptions options) {
        double[] expected = ReferenceFilter.probabilities(logits, options);
        float lowest = Float.POSITIVE_INFINITY;
        for (int id = 0; id < logits.length; id++) {
            lowest = expected[id] > 0 ? Math.min(lowest, logits[id]) : lowest;
        }
        return lowest;
    }

    private static float[] cutOffs(List<float[]> logits, List<SamplingOptions> options) {
        int rows = logits.size();
        float[] z = new float[rows * LARGE];
        float[] top = new float[rows];
        float[] e = new float[z.length];
        for (int row = 0; row < rows; row++) {
            top[row] = Float.NEGATIVE_INFINITY;
            for (float logit : logits.get(row)) {
                top[row] = Math.max(top[row], logit);
            }
            for (int id = 0; id < LARGE; id++) {
                int at = row * LARGE + id;
                z[at] = logits.get(row)[id];
                e[at] = (float) Math.exp(
                        (z[at] - top[row]) / options.get(row).settings().temperature());
            }
        }
        try (Scope scope = torch.scope()) {
            RowSettings settings =
                    RowSettings.of(options.stream().map(NextTokensTest::sample).toList());
            return KernelCalls.call(
                            torch.kernels(),
                            scope,
                            "cut_off",
                            scope.floats(z, rows, 16, LARGE / 16),
                            scope.floats(top, rows, 1),
                            scope.floats(e, rows, 16, LARGE / 16),
                            settings.tensor(scope),
                            settings.flags()[3],
                            settings.flags()[4] == 1)
                    .toFloatArray();
        }
    }

    /** Nuclei of some tokens, of hundreds, of thousands, and of all: the search for candidates has to widen. */
    static Stream<Arguments> cuts() {
        return Stream.of(
                Arguments.of(4.0, TestSampling.of(1, 1, 0.5, 0, 0, 31)),
                Arguments.of(2.0, TestSampling.of(1, 1, 0.5, 0, 0, 32)),
                Arguments.of(0.5, TestSampling.of(1, 1, 0.5, 0, 0, 33)),
                Arguments.of(0.5, TestSampling.of(1, 1, 0.999, 0, 0, 34)),
                Arguments.of(2.0, TestSampling.of(1, 0.8, 0.9, 300, 0, 35)),
                Arguments.of(2.0, TestSampling.of(1, 1.2, 1, 77, 0, 36)),
                Arguments.of(2.0, TestSampling.of(1, 1.2, 1, 0, 0.05, 37)),
                Arguments.of(1.0, TestSampling.of(1, 1, 0.95, 6400, 0.001, 38)));
    }

    @Test
    void topK_ofEqualLogits_keepsThemAll() {
        float[] logits = {1, 3, 2, 2, 2, -5};
        double[] drawn = draw(logits, TestSampling.of(1, 1, 1, 2, 0, 3));
        int[] counts = new int[logits.length];
        for (int i = 0; i < DRAWS; i++) {
            counts[(int) drawn[i]]++;
        }
        assertThat(counts[0] + counts[5]).isZero();
        assertThat(counts[2]).isPositive();
        assertThat(counts[3]).isPositive();
        assertThat(counts[4]).isPositive();
    }

    private static double[] draw(float[] logits, SamplingOptions options) {
        try (Scope scope = torch.scope()) {
            long[] bits = new long[DRAWS];
            float[] ones = new float[DRAWS];
            for (int i = 0; i < DRAWS; i++) {
                bits[i] = new TokenDraws(options.seed(), i).bits(0);
                ones[i] = 1;
            }
            RowSettings settings = RowSettings.of(Collections.nCopies(DRAWS, sample(options)));
            return KernelCalls.callMany(
                    torch.kernels(),
                    scope,
                    "next_tokens",
                    scope.floats(ones, DRAWS, 1),
                    scope.floats(logits, logits.length, 1),
                    0.0,
                    scope.longs(bits),
                    settings.tensor(scope),
                    new NDArray[0],
                    settings.flags())[0]
                    .toDoubleArray();
        }
    }

    private static Sample sample(SamplingOptions options) {
        GenerationHandle handle = new GenerationHandle(0, new GenerationRequest(new int[] {0}, 1, options));
        return new Sample(new QueuedPrompt(handle, Long.MAX_VALUE), 0, new BitSet(), 1, null);
    }

    private static float[] logits(int vocabulary, long seed, double spread) {
        Random random = new Random(seed);
        float[] logits = new float[vocabulary];
        for (int i = 0; i < vocabulary; i++) {
            logits[i] = (float) (spread * random.nextGaussian());
        }
        return logits;
    }

    private static double[] wide(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static long count(float[] logits, float floor) {
        long kept = 0;
        for (float logit : logits) {
            kept += logit >= floor ? 1 : 0;
        }
        return kept;
    }
}
