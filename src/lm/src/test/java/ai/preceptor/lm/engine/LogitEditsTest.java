package ai.preceptor.lm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.generate.GeneratedToken;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.Stops;
import ai.preceptor.lm.generate.TestSampling;
import ai.preceptor.lm.generate.TokenRules;
import ai.preceptor.lm.torch.KernelCalls;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.vector.LogitEdit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules and penalties: by hand, and the frequencies and log-probabilities of what is then drawn. */
class LogitEditsTest {
    private static final int DRAWS = 20_000;
    private static final float[] LOGITS = {0.5f, -0.4f, 1.2f, 0.1f, -1, 0.9f, 0.3f};

    private static Torch torch;

    @BeforeAll
    static void open() {
        torch = Torch.open("cpu", 1);
    }

    @AfterAll
    static void close() {
        torch.close();
    }

    static Stream<Arguments> edits() {
        SamplingOptions plain = SamplingOptions.unfiltered(8, 21);
        double out = Double.NEGATIVE_INFINITY;
        // Prompt {1, 2}, so far {2, 2, 5}: 1 has occurred in the prompt only, 2 in both, 5 in the completion only.
        return Stream.of(
                Arguments.of(TestSampling.penalized(plain, 2, 0, 0), new double[] {0.5, -0.8, 0.6, 0.1, -1, 0.45, 0.3}),
                Arguments.of(
                        TestSampling.penalized(plain, 1, 0.3, 0), new double[] {0.5, -0.4, 0.9, 0.1, -1, 0.6, 0.3}),
                Arguments.of(
                        TestSampling.penalized(plain, 1, 0, 0.25), new double[] {0.5, -0.4, 0.7, 0.1, -1, 0.65, 0.3}),
                Arguments.of(
                        TestSampling.penalized(plain, 2, 0.1, 0.25), new double[] {0.5, -0.8, 0, 0.1, -1, 0.1, 0.3}),
                Arguments.of(
                        plain.with(new TokenRules(Map.of(4, 2.0, 0, out), null)),
                        new double[] {out, -0.4, 1.2, 0.1, 1, 0.9, 0.3}),
                Arguments.of(
                        plain.with(new TokenRules(Map.of(3, 1.0), Set.of(3, 4, 6))),
                        new double[] {out, out, out, 1.1, -1, out, 0.3}),
                Arguments.of(
                        TestSampling.penalized(plain.with(new TokenRules(Map.of(1, 1.0), null)), 2, 0, 0),
                        new double[] {0.5, 0.3, 0.6, 0.1, -1, 0.45, 0.3}),
                Arguments.of(
                        TestSampling.withMinNewTokens(plain.with(Stops.atIds(6)), 4),
                        new double[] {0.5, -0.4, 1.2, 0.1, -1, 0.9, out}),
                Arguments.of(
                        TestSampling.withMinNewTokens(plain.with(Stops.atIds(6)), 3),
                        new double[] {0.5, -0.4, 1.2, 0.1, -1, 0.9, 0.3}));
    }

    @ParameterizedTest
    @MethodSource("edits")
    void draws_followTheEditedDistribution(SamplingOptions options, double[] edited) {
        double[] expected = ReferenceFilter.softmax(edited);
        double[] policy = ReferenceFilter.softmax(
                new double[] {LOGITS[0], LOGITS[1], LOGITS[2], LOGITS[3], LOGITS[4], LOGITS[5], LOGITS[6]});
        double[] drawn = draw(options);
        int[] counts = new int[LOGITS.length];
        for (int i = 0; i < DRAWS; i++) {
            int id = (int) drawn[i];
            counts[id]++;
            assertThat(drawn[DRAWS + i]).isCloseTo(Math.log(policy[id]), within(1e-5));
            assertThat(drawn[2 * DRAWS + i]).isCloseTo(Math.log(expected[id]), within(1e-5));
        }
        double chi = 0;
        for (int id = 0; id < counts.length; id++) {
            if (expected[id] == 0) {
                assertThat(counts[id]).as("draws of token %d", id).isZero();
            } else {
                chi += Math.pow(counts[id] - DRAWS * expected[id], 2) / (DRAWS * expected[id]);
            }
        }
        assertThat(chi).as("chi-square, at most 6 degrees of freedom").isLessThan(27.9);
    }

    @Test
    void greedy_takesTheBestAfterEdits() {
        SamplingOptions greedy = SamplingOptions.greedy(8).with(new TokenRules(Map.of(), Set.of(0, 6)));
        assertThat(draw(greedy)[0]).isEqualTo(0);
    }

    /** At every step what the rules say, though most of it is computed once. */
    @Test
    void edits_ofAGrowingSample_areThoseOfItsTokensSoFar() {
        Map<Integer, Double> bias = Map.of(9, 1.5, 4, -2.0, 30, Double.NEGATIVE_INFINITY);
        Set<Integer> allowed = Set.of(30, 4, 9, 12, 5, 7);
        SamplingOptions options = TestSampling.withMinNewTokens(
                TestSampling.penalized(SamplingOptions.unfiltered(8, 21), 2, 0.5, 0.25)
                        .with(new TokenRules(bias, allowed))
                        .with(Stops.atIds(7)),
                2);
        Sample sample = sample(new int[] {5, 12, 5, 3}, options);
        Object fixed = sample.prompt().edits();
        List<Integer> drawn = new ArrayList<>();
        for (int id : new int[] {12, 9, 12, 4, 9, 12}) {
            LogitEdit edit = LogitEdits.ofRow(sample);
            assertThat(edit.allowed()).containsExactly(4, 5, 7, 9, 12, 30);
            Map<Integer, Float> biases = new HashMap<>(Map.of(9, 1.5f, 4, -2f, 30, Float.NEGATIVE_INFINITY));
            if (drawn.size() < 2) {
                biases.put(7, Float.NEGATIVE_INFINITY);
            }
            assertThat(entries(edit.biased(), edit.biases())).isEqualTo(biases);
            Map<Integer, Float> factors = new HashMap<>(Map.of(3, 2f, 5, 2f, 12, 2f));
            Map<Integer, Float> penalties = new HashMap<>();
            for (int one : drawn) {
                factors.put(one, 2f);
                penalties.merge(one, -0.75f, (before, first) -> before - 0.25f);
            }
            assertThat(entries(edit.repeated(), edit.factors())).isEqualTo(factors);
            assertThat(entries(edit.penalized(), edit.penalties())).isEqualTo(penalties);
            sample.accept(new GeneratedToken(id, -1, -1, List.of()), null);
            drawn.add(id);
            assertThat(sample.prompt().edits()).isSameAs(fixed);
        }
    }

    private static Map<Integer, Float> entries(int[] ids, float[] values) {
        Map<Integer, Float> entries = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            assertThat(entries.put(ids[i], values[i])).isNull();
        }
        return entries;
    }

    private static Sample sample(int[] prompt, SamplingOptions options) {
        GenerationHandle handle = new GenerationHandle(0, new GenerationRequest(prompt, 1, options));
        BitSet stops = new BitSet();
        options.stops().ids().forEach(stops::set);
        return new Sample(new QueuedPrompt(handle, Long.MAX_VALUE), 0, stops, 8, null);
    }

    private static double[] draw(SamplingOptions options) {
        Sample sample = sample(new int[] {1, 2}, options);
        for (int id : new int[] {2, 2, 5}) {
            sample.accept(new GeneratedToken(id, -1, -1, List.of()), null);
        }
        List<Sample> rows = Collections.nCopies(DRAWS, sample);
        try (Scope scope = torch.scope()) {
            long[] bits = new long[DRAWS];
            float[] ones = new float[DRAWS];
            for (int i = 0; i < DRAWS; i++) {
                bits[i] = options.settings().isGreedy() ? 0 : new TokenDraws(options.seed(), i).bits(0);
                ones[i] = 1;
            }
            RowSettings settings = RowSettings.of(rows);
            NDArray[] edits = LogitEdits.of(scope, rows, settings.edited(), 16);
            return KernelCalls.callMany(
                    torch.kernels(),
                    scope,
                    "next_tokens",
                    scope.floats(ones, DRAWS, 1),
                    scope.floats(LOGITS, LOGITS.length, 1),
                    0.0,
                    scope.longs(bits),
                    settings.tensor(scope),
                    edits,
                    settings.flags())[0]
                    .toDoubleArray();
        }
    }
}
