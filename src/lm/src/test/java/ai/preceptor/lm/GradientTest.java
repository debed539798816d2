package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.formats.config.TargetModules;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.testkit.Golden;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hand-written backward pass against central differences. */
class GradientTest {
    private static Torch torch;

    @BeforeAll
    static void open() {
        torch = Torch.open("cpu", 0);
    }

    @AfterAll
    static void close() {
        torch.close();
    }

    @Test
    void backward_ofLogprobs_equalsCentralDifferences() {
        PackedBatch batch = scored();
        float[] coefficients = normal(4, batch.targets().length);
        try (LanguageModel model = LanguageModel.load(torch, Golden.dir("models/llama"), LoadOptions.TRAINED)) {
            backward(model.forward(batch), coefficients);
            BlockGradients.check(model.parameters(), () -> BlockGradients.dot(model.logprobs(batch), coefficients));
        }
    }

    @Test
    void backward_ofRewards_equalsCentralDifferences() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(ids(5, 4));
        PackedBatch batch = builder.answer(ids(6, 7)).answer(ids(7, 3)).build();
        float[] coefficients = {1, -0.5f};
        try (RewardBackbone model =
                RewardBackbone.load(torch, Golden.dir("models/llama-reward"), LoadOptions.TRAINED, HeadInit.ZEROS, 0)) {
            backward(model.forward(batch), coefficients);
            BlockGradients.check(model.parameters(), () -> BlockGradients.dot(model.rewards(batch), coefficients));
        }
    }

    /** Three heads on one trunk, two answers: six rewards. */
    @Test
    void backward_ofAnEnsemble_equalsCentralDifferences() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(ids(5, 4));
        PackedBatch batch = builder.answer(ids(6, 7)).answer(ids(7, 3)).build();
        float[] coefficients = {1, -0.5f, 0.25f, -1, 2, 0.75f};
        try (RewardBackbone model = RewardBackbone.load(
                torch,
                Golden.dir("models/llama"),
                LoadOptions.TRAINED,
                new RewardBackbone.NewHeads(3, HeadInit.NORMAL, 2))) {
            assertThat(model.rewards(batch)).hasSize(6).doesNotHaveDuplicates();
            backward(model.forward(batch), coefficients);
            BlockGradients.check(model.parameters(), () -> BlockGradients.dot(model.rewards(batch), coefficients));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void backward_ofAnAdapter_equalsCentralDifferences(boolean checkpointing) {
        PackedBatch batch = scored();
        float[] coefficients = normal(4, batch.targets().length);
        LoraConfig lora =
                new LoraConfig(3, 6, 0, true, new TargetModules.AllLinear(), List.of("lm_head", "model.norm"));
        LoadOptions options = LoadOptions.TRAINED.withLora(lora, 1);
        try (LanguageModel model = LanguageModel.load(
                torch, Golden.dir("models/llama"), checkpointing ? options.checkpointed() : options)) {
            for (Parameter block : model.parameters().trained()) {
                if (block.parts().get(0).name().contains("lora_B")) {
                    int size = Math.toIntExact(block.compute().size());
                    float[] values = normal(size, size); // at 0, A would have no gradient
                    model.parameters().set(block, block.parts().get(0), values);
                }
            }
            backward(model.forward(batch), coefficients);
            BlockGradients.check(model.parameters(), () -> BlockGradients.dot(model.logprobs(batch), coefficients));
        }
    }

    @Test
    void backward_twicePassesAccumulate() {
        PackedBatch batch = scored();
        float[] coefficients = normal(4, batch.targets().length);
        try (LanguageModel model = LanguageModel.load(torch, Golden.dir("models/llama"), LoadOptions.TRAINED)) {
            backward(model.forward(batch), coefficients);
            Parameter block = model.parameters().blocks().get(2);
            float[] once = block.gradient().toFloatArray();
            backward(model.forward(batch), coefficients);
            float[] twice = block.gradient().toFloatArray();
            for (int i = 0; i < once.length; i++) {
                assertThat(twice[i]).isCloseTo(2 * once[i], within(1e-4f * (1 + Math.abs(once[i]))));
            }
            model.parameters().clearGradients();
            backward(model.forward(batch), coefficients);
            assertThat(block.gradient().toFloatArray()).containsExactly(once, within(1e-6f));
        }
    }

    @Test
    void backward_twiceOnOnePass_isRefused() {
        try (LanguageModel model = LanguageModel.load(torch, Golden.dir("models/llama"), LoadOptions.TRAINED);
                ForwardPass pass = model.forward(scored())) {
            float[] gradient = new float[pass.outputs().length];
            assertThatThrownBy(() -> pass.backward(new float[1])).isInstanceOf(IllegalArgumentException.class);
            pass.backward(gradient);
            assertThatThrownBy(() -> pass.backward(gradient)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void forward_leavesNoTensorsBehind() {
        try (LanguageModel model = LanguageModel.load(torch, Golden.dir("models/llama"), LoadOptions.TRAINED)) {
            long before = torch.liveTensors();
            for (int i = 0; i < 5; i++) {
                backward(model.forward(scored()), normal(1, scored().targets().length));
                model.score(scored());
            }
            assertThat(torch.liveTensors()).isEqualTo(before);
        }
    }

    private static void backward(ForwardPass pass, float[] coefficients) {
        try (pass) {
            pass.backward(coefficients);
        }
    }

    /** Two prompts, the first shared by two completions of which the second is not beside it. */
    private static PackedBatch scored() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(ids(1, 5));
        builder.completion(ids(2, 6)).completion(ids(3, 9));
        builder.prompt(ids(4, 2));
        return builder.completion(ids(5, 1)).completion(ids(6, 4)).build();
    }

    private static int[] ids(long seed, int count) {
        return new Random(seed).ints(count, 3, 500).toArray();
    }

    private static float[] normal(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
