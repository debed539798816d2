package ai.preceptor.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenDrawTest {
    private static final int VOCABULARY = 1234;

    private final Random random = new Random(7);
    private final float[] logits = logits(3);

    private float[] logits(double scale) {
        float[] z = new float[VOCABULARY];
        for (int i = 0; i < z.length; i++) {
            z[i] = (float) (scale * random.nextGaussian());
        }
        return z;
    }

    private static Drawing drawing(double temperature, int k, double p, double minP, double uniform) {
        return new Drawing(
                false,
                (float) (1 / temperature),
                k,
                (float) p,
                (float) Math.log(minP),
                uniform,
                LogitEdit.NONE,
                true,
                3);
    }

    /** Probabilities in float64 by sorting. */
    private double[] expected(double temperature, int k, double p, double minP) {
        double top =
                IntStream.range(0, VOCABULARY).mapToDouble(i -> logits[i]).max().orElseThrow();
        double[] weights = new double[VOCABULARY];
        Arrays.setAll(weights, i -> Math.exp((logits[i] - top) / temperature));
        Integer[] order = IntStream.range(0, VOCABULARY).boxed().toArray(Integer[]::new);
        Arrays.sort(order, (a, b) -> Float.compare(logits[b], logits[a]));
        int kept = k == 0 ? VOCABULARY : k;
        double mass = 0;
        for (int i = 0; i < kept; i++) {
            mass += weights[order[i]];
        }
        double reached = 0;
        double[] out = new double[VOCABULARY];
        for (int i = 0; i < kept && (p == 1 || reached < p * mass); i++) {
            reached += weights[order[i]];
            out[order[i]] = weights[order[i]] >= minP ? weights[order[i]] : 0;
        }
        double total = Arrays.stream(out).sum();
        return Arrays.stream(out).map(weight -> weight / total).toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 1, 0",
        "0.7, 0, 1, 0",
        "1.5, 20, 1, 0",
        "1, 0, 0.9, 0",
        "1, 0, 0.999, 0",
        "0.8, 100, 0.7, 0",
        "1, 0, 1, 0.05",
        "1.2, 50, 0.95, 0.1"
    })
    void draw_manyUniformNumbers_followTheDistribution(double temperature, int k, double p, double minP) {
        double[] expected = expected(temperature, k, p, minP);
        TokenDraw draw = new TokenDraw(VOCABULARY, 0);
        double before = 0;
        for (int id = 0; id < VOCABULARY; id++) {
            if (expected[id] > 1e-5) {
                Drawn drawn = draw.draw(logits, 0, drawing(temperature, k, p, minP, before + expected[id] / 2));
                assertThat(drawn.id()).isEqualTo(id);
                assertThat(drawn.samplingLogprob()).isCloseTo(Math.log(expected[id]), within(1e-5));
            }
            before += expected[id];
        }
        int[] support =
                IntStream.range(0, VOCABULARY).filter(id -> expected[id] > 0).toArray();
        Drawn drawn = draw.draw(logits, 0, drawing(temperature, k, p, minP, 0.5));
        if (support.length == VOCABULARY) {
            assertThat(drawn.support()).isNull();
        } else {
            assertThat(drawn.support()).isEqualTo(support);
        }
    }

    @Test
    void draw_greedy_takesTheFirstOfTheLargest() {
        logits[200] = 40;
        logits[900] = 40;
        Drawing greedy = new Drawing(true, 1, 0, 1, Float.NEGATIVE_INFINITY, 0, LogitEdit.NONE, false, 2);
        Drawn drawn = new TokenDraw(VOCABULARY, 0).draw(logits, 0, greedy);
        assertThat(drawn.id()).isEqualTo(200);
        assertThat(drawn.samplingLogprob()).isZero();
        assertThat(drawn.logprob()).isCloseTo(-Math.log(2), within(1e-6));
        assertThat(drawn.topIds()).containsExactly(200, 900);
        assertThat(drawn.topLogprobs()[1]).isCloseTo(-Math.log(2), within(1e-6));
    }

    @Test
    void draw_edits_changeWhatIsDrawnAndNotItsLogprob() {
        LogitEdit edit = new LogitEdit(
                new int[] {5, 6, 7},
                new int[] {5},
                new float[] {2},
                new int[] {6},
                new float[] {2},
                new int[] {7},
                new float[] {-1});
        double a = Math.exp(logits[5] + 2);
        double b = Math.exp(logits[6] > 0 ? logits[6] / 2 : logits[6] * 2);
        double c = Math.exp(logits[7] - 1);
        Drawing how = new Drawing(false, 1, 0, 1, Float.NEGATIVE_INFINITY, 0, edit, false, 0);
        Drawn drawn = new TokenDraw(VOCABULARY, 0).draw(logits, 0, how);
        assertThat(drawn.id()).isEqualTo(5);
        assertThat(drawn.samplingLogprob()).isCloseTo(Math.log(a / (a + b + c)), within(1e-5));
        double all = IntStream.range(0, VOCABULARY)
                .mapToDouble(i -> Math.exp(logits[i]))
                .sum();
        assertThat(drawn.logprob()).isCloseTo(logits[5] - Math.log(all), within(1e-5));
    }

    @Test
    void draw_cap_boundsLogits() {
        Drawn drawn = new TokenDraw(VOCABULARY, 5).draw(logits, 0, drawing(1, 0, 1, 0, 0.5));
        double all = IntStream.range(0, VOCABULARY)
                .mapToDouble(i -> Math.exp(5 * Math.tanh(logits[i] / 5)))
                .sum();
        assertThat(drawn.logprob()).isCloseTo(5 * Math.tanh(logits[drawn.id()] / 5) - Math.log(all), within(1e-4));
    }

    @Test
    void draw_logitsThatAreNoNumbers_giveNone() {
        for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            float[] z = logits.clone();
            z[700] = wrong;
            assertThat(new TokenDraw(VOCABULARY, 0)
                            .draw(z, 0, drawing(1, 0, 1, 0, 0.5))
                            .logprob())
                    .isNaN();
        }
        float[] none = new float[VOCABULARY];
        Arrays.fill(none, Float.NEGATIVE_INFINITY);
        assertThat(new TokenDraw(VOCABULARY, 0)
                        .draw(none, 0, drawing(1, 0, 1, 0, 0.5))
                        .logprob())
                .isNaN();
    }

    @Test
    void draw_uniformNumberAtTheEnds_isInTheSupport() {
        for (double uniform : new double[] {0, Math.nextDown(1.0)}) {
            Drawn drawn = new TokenDraw(VOCABULARY, 0).draw(logits, 0, drawing(1, 10, 1, 0, uniform));
            assertThat(drawn.support()).contains(drawn.id());
        }
    }
}
