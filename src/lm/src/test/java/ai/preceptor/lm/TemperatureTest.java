package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.torch.Torch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Log-probabilities, statistics and gradients of log_softmax(z / T), of every kind of head, in several tiles. */
class TemperatureTest {
    private static final double TEMPERATURE = 0.7;
    private static Torch torch;

    @TempDir
    private Path directory;

    @BeforeAll
    static void open() {
        torch = Torch.open("cpu", 1);
    }

    @AfterAll
    static void close() {
        torch.close();
    }

    private LanguageModel model(HeadKind kind) throws IOException {
        return kind.model(torch, directory.resolve("model"));
    }

    @ParameterizedTest
    @EnumSource(HeadKind.class)
    void everyNumber_isThatOfTheDividedLogits(HeadKind kind) throws IOException {
        PackedBatch batch = RandomModel.batch();
        try (LanguageModel model = model(kind)) {
            float[] logits = model.read(batch).logits();
            try (ForwardPass pass = model.forward(batch, EnumSet.allOf(TokenStatistic.class), TEMPERATURE)) {
                check(pass.outputs(), pass.statistics(), logits, batch.targets());
                assertThat(model.logprobs(batch, TEMPERATURE)).containsExactly(pass.outputs(), within(1e-6f));
                TokenScores scores = model.score(batch, TEMPERATURE);
                assertThat(scores.logprobs()).containsExactly(pass.outputs(), within(1e-6f));
                assertThat(scores.entropies())
                        .containsExactly(pass.statistics().of(TokenStatistic.ENTROPY), within(1e-6f));
            }
        }
    }

    private static void check(float[] logprobs, TokenStatistics found, float[] logits, int[] targets) {
        int vocabulary = logits.length / targets.length;
        assertThat(vocabulary).isGreaterThan(2 * HeadKind.TILE);
        for (int row = 0; row < targets.length; row++) {
            double[] z = new double[vocabulary];
            for (int v = 0; v < vocabulary; v++) {
                z[v] = logits[row * vocabulary + v] / TEMPERATURE;
            }
            double lse = Math.log(Arrays.stream(z).map(Math::exp).sum());
            double entropy = 0;
            double squares = 0;
            for (double logit : z) {
                double p = Math.exp(logit - lse);
                entropy -= p * (logit - lse);
                squares += p * p;
            }
            assertThat((double) logprobs[row]).isCloseTo(z[targets[row]] - lse, within(1e-5));
            assertThat((double) found.of(TokenStatistic.ENTROPY)[row]).isCloseTo(entropy, within(1e-5));
            assertThat((double) found.of(TokenStatistic.LOG_SUM_SQUARES)[row])
                    .isCloseTo(Math.log(squares), within(1e-5));
            assertThat((double) found.of(TokenStatistic.MEAN_LOGIT)[row])
                    .isCloseTo(Arrays.stream(z).average().orElseThrow(), within(1e-5));
        }
    }

    @ParameterizedTest
    @EnumSource(HeadKind.class)
    void backward_equalsCentralDifferences(HeadKind kind) throws IOException {
        PackedBatch batch = RandomModel.batch();
        float[] coefficients = HeadKind.normal(4, batch.targets().length);
        try (LanguageModel model = model(kind)) {
            try (ForwardPass pass = model.forward(batch, Set.of(), TEMPERATURE)) {
                pass.backward(coefficients);
            }
            BlockGradients.check(
                    model.parameters(), () -> BlockGradients.dot(model.logprobs(batch, TEMPERATURE), coefficients));
        }
    }

    @ParameterizedTest
    @EnumSource(HeadKind.class)
    void temperatureOne_isTheSameBitByBit(HeadKind kind) throws IOException {
        PackedBatch batch = RandomModel.batch();
        try (LanguageModel model = model(kind)) {
            assertThat(model.logprobs(batch, 1)).isEqualTo(model.logprobs(batch));
            assertThat(model.score(batch, 1).entropies())
                    .isEqualTo(model.score(batch).entropies());
        }
    }

    /** A new adapter changes nothing, so the reference is the model itself; a disturbed one does. */
    @Test
    void reference_hasTheTemperatureToo() throws IOException {
        PackedBatch batch = RandomModel.batch();
        Path written = RandomModel.write(torch, directory.resolve("base"), false);
        try (LanguageModel base = LanguageModel.load(torch, written, LoadOptions.FROZEN);
                LanguageModel adapted = model(HeadKind.FROZEN)) {
            float[] expected = base.logprobs(batch, TEMPERATURE);
            assertThat(adapted.referenceLogprobs(batch, TEMPERATURE)).containsExactly(expected, within(1e-5f));
            assertThat(adapted.logprobs(batch, TEMPERATURE)).isNotEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void temperature_outOfRange_isRefused(double temperature) throws IOException {
        PackedBatch batch = RandomModel.batch();
        try (LanguageModel model = model(HeadKind.PLAIN)) {
            assertThatThrownBy(() -> model.logprobs(batch, temperature))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("temperature: " + temperature);
        }
    }
}
