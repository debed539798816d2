package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gradient of losses over entropies, alone and with log-probabilities, against central differences. */
class EntropyGradientTest {
    private static final Set<TokenStatistic> ENTROPY = Set.of(TokenStatistic.ENTROPY);
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

    @ParameterizedTest
    @CsvSource({
        "PLAIN, 1, 0",
        "PLAIN, 0.7, 1",
        "TIED, 0.7, 1",
        "CAPPED, 1, 1",
        "CAPPED, 0.7, 0",
        "FROZEN, 1, 1",
        "FROZEN, 0.7, 0"
    })
    void backward_equalsCentralDifferences(HeadKind kind, double temperature, float logprobs) throws IOException {
        PackedBatch batch = RandomModel.batch();
        float[] byEntropy = HeadKind.normal(5, batch.targets().length);
        float[] gradient = HeadKind.normal(4, batch.targets().length);
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] *= logprobs;
        }
        try (LanguageModel model = kind.model(torch, directory.resolve("model"))) {
            try (ForwardPass pass = model.forward(batch, ENTROPY, temperature)) {
                pass.backward(gradient, byEntropy);
            }
            BlockGradients.check(model.parameters(), () -> {
                TokenScores scores = model.score(batch, temperature);
                return BlockGradients.dot(scores.logprobs(), gradient)
                        + BlockGradients.dot(scores.entropies(), byEntropy);
            });
        }
    }

    /** What the layers compute is rounded; the direction is kept. */
    @Test
    void backward_inBfloat16_pointsWhereFloat32Does() throws IOException {
        PackedBatch batch = RandomModel.batch();
        float[] byEntropy = HeadKind.normal(5, batch.targets().length);
        float[] zeros = new float[byEntropy.length];
        Path written = RandomModel.write(torch, directory.resolve("model"), false);
        try (LanguageModel exact = LanguageModel.load(torch, written, LoadOptions.TRAINED);
                LanguageModel rounded = LanguageModel.load(torch, written, new LoadOptions(Precision.BFLOAT16, true))) {
            float[] expected = gradient(exact, batch, zeros, byEntropy);
            float[] found = gradient(rounded, batch, zeros, byEntropy);
            double cosine = BlockGradients.dot(expected, found)
                    / Math.sqrt(BlockGradients.dot(expected, expected) * BlockGradients.dot(found, found));
            assertThat(cosine).isGreaterThan(0.99);
        }
    }

    /** Where the loss has no entropies, the kernel that could differentiate through them gives the same. */
    @ParameterizedTest
    @CsvSource({"PLAIN", "CAPPED", "FROZEN"})
    void backward_ofZeros_isThatOfNone(HeadKind kind) throws IOException {
        PackedBatch batch = RandomModel.batch();
        float[] gradient = HeadKind.normal(4, batch.targets().length);
        try (LanguageModel model = kind.model(torch, directory.resolve("model"))) {
            float[] none = gradient(model, batch, gradient, null);
            assertThat(gradient(model, batch, gradient, new float[gradient.length]))
                    .containsExactly(none, within(1e-5f));
        }
    }

    private static float[] gradient(LanguageModel model, PackedBatch batch, float[] gradient, float[] byEntropy) {
        model.parameters().clearGradients();
        try (ForwardPass pass = model.forward(batch, ENTROPY)) {
            pass.backward(gradient, byEntropy);
        }
        Parameter block = model.parameters().trained().get(1);
        return block.gradient().toFloatArray();
    }

    @Test
    void backward_throughWhatThePassHasNot_isRefused() throws IOException {
        PackedBatch batch = RandomModel.batch();
        float[] zeros = new float[batch.targets().length];
        try (LanguageModel model = HeadKind.PLAIN.model(torch, directory.resolve("model"))) {
            try (ForwardPass pass = model.forward(batch)) {
                assertThatThrownBy(() -> pass.backward(zeros, zeros))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("ENTROPY");
            }
            try (ForwardPass pass = model.forward(batch, ENTROPY)) {
                assertThatThrownBy(() -> pass.backward(zeros, new float[1]))
                        .isInstanceOf(IllegalArgumentException.class);
                pass.backward(zeros, zeros);
                assertThatThrownBy(() -> pass.backward(zeros, zeros)).isInstanceOf(IllegalStateException.class);
            }
        }
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {3});
        try (RewardBackbone model = RewardBackbone.load(
                        torch, Golden.dir("models/llama-reward"), LoadOptions.TRAINED, HeadInit.ZEROS, 0);
                ForwardPass pass = model.forward(builder.answer(new int[] {4}).build())) {
            assertThatThrownBy(() -> pass.backward(new float[1], new float[1]))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }
}
