package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.formats.config.TargetModules;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.ShardPlan;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.testkit.FloatArrays;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A batch that is run in several shards gives what it gives in one, whatever the model. */
class ShardedPassTest {
    private static Torch one;
    private static Torch four;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        four = Torch.open("cpu", 4);
        one = Torch.open("cpu", 1);
    }

    @AfterAll
    static void close() {
        one.close();
        four.close();
    }

    @ParameterizedTest
    @EnumSource
    void backward_inFourShards_givesTheGradientsOfOne(TinyFamilies family) {
        PackedBatch batch = batch(53);
        assertThat(ShardPlan.of(batch, 4, four.shards().most())).hasSize(4);
        try (LanguageModel alone = family.model(one, LoadOptions.TRAINED);
                LanguageModel parted = family.model(four, LoadOptions.TRAINED)) {
            assertSame(run(parted, batch), run(alone, batch));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LLAMA_BIASES_YARN", "GPT2"})
    void backward_ofAnAdapter_inFourShards_givesTheGradientsOfOne(TinyFamilies family) {
        LoraConfig lora = new LoraConfig(3, 6, 0, true, new TargetModules.AllLinear(), List.of());
        try (LanguageModel model = family.model(one, LoadOptions.FROZEN)) {
            model.save(directory);
        }
        for (LoadOptions options : List.of(
                LoadOptions.TRAINED.withLora(lora, 1),
                LoadOptions.TRAINED.withLora(lora, 1).checkpointed())) {
            try (LanguageModel alone = LanguageModel.load(one, directory, options);
                    LanguageModel parted = LanguageModel.load(four, directory, options)) {
                disturb(alone);
                disturb(parted);
                assertSame(run(parted, batch(53)), run(alone, batch(53)));
            }
        }
    }

    /** With B at 0, A would have no gradient. */
    private static void disturb(LanguageModel model) {
        for (Parameter block : model.parameters().trained()) {
            if (block.parts().get(0).name().contains("lora_B")) {
                float[] values = normal(Math.toIntExact(block.compute().size()));
                model.parameters().set(block, block.parts().get(0), values);
            }
        }
    }

    @Test
    void distributions_inFourShards_giveHiddenStatesAndGradientsOfOne() {
        PackedBatch batch = batch(53);
        List<List<float[]>> found = new ArrayList<>();
        for (Torch torch : List.of(four, one)) {
            try (LanguageModel student = TinyFamilies.QWEN3.model(torch, LoadOptions.TRAINED);
                    DistributionPass pass = student.distributions(batch, true, 1, 2);
                    TeacherDistributions teacher = student.teach(batch, 1, 2)) {
                float[] weights = normal(batch.targets().length);
                float[] slopes = normal(batch.targets().length * 24);
                pass.compareAndBackward(
                        teacher,
                        new DistributionComparison(
                                List.of(new DivergenceTerm(DivergenceKind.FORWARD_KL, 0, 1)), 2, 256),
                        weights,
                        weights,
                        List.of(slopes, slopes));
                List<float[]> values = new ArrayList<>(List.of(pass.hidden(0), pass.hidden(1), teacher.hidden(1)));
                values.addAll(gradients(student));
                found.add(values);
            }
        }
        assertSame(found.get(0), found.get(1));
    }

    @Test
    void backward_inFourShardsAgain_givesTheSameBitsAndLeavesNothing() {
        try (LanguageModel model = TinyFamilies.SMOLLM3.model(four, LoadOptions.TRAINED)) {
            long before = four.liveTensors();
            List<float[]> first = run(model, batch(53));
            for (int i = 0; i < 5; i++) {
                model.parameters().clearGradients();
                List<float[]> again = run(model, batch(53));
                assertThat(again).hasSameSizeAs(first);
                for (int block = 0; block < first.size(); block++) {
                    assertThat(again.get(block)).as("block %d", block).isEqualTo(first.get(block));
                }
            }
            assertThat(four.liveTensors()).isEqualTo(before);
        }
    }

    /** Position 64 is one that GPT-2 has not learned. */
    @Test
    void forward_ofABatchThatCannotBeRun_saysWhyAndLeavesNothing() {
        PackedBatch.Builder builder = PackedBatch.builder();
        for (int i = 0; i < 20; i++) {
            builder.prompt(ids(i, 60, 53));
            builder.completion(ids(i, i == 7 ? 6 : 3, 53));
        }
        PackedBatch batch = builder.build();
        try (LanguageModel model = TinyFamilies.GPT2.model(four, LoadOptions.TRAINED)) {
            long before = four.liveTensors();
            assertThatThrownBy(() -> model.forward(batch))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("64 positions");
            assertThat(four.liveTensors()).isEqualTo(before);
        }
    }

    /** Log-probabilities, then the gradient of each block. */
    private static List<float[]> run(LanguageModel model, PackedBatch batch) {
        List<float[]> values = new ArrayList<>();
        try (ForwardPass pass = model.forward(batch)) {
            values.add(pass.outputs());
            pass.backward(normal(batch.targets().length));
        }
        values.addAll(gradients(model));
        return values;
    }

    private static List<float[]> gradients(LanguageModel model) {
        return model.parameters().trained().stream()
                .map(block -> block.gradient().toFloatArray())
                .toList();
    }

    private static void assertSame(List<float[]> found, List<float[]> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            double norm = Math.sqrt(BlockGradients.dot(expected.get(i), expected.get(i)));
            assertThat(norm).as("block %d", i).isPositive();
            FloatArrays.assertClose("block " + i, found.get(i), expected.get(i), 2e-5 * norm);
        }
    }

    private static PackedBatch batch(int vocabulary) {
        PackedBatch.Builder builder = PackedBatch.builder();
        for (int i = 0; i < 90; i++) {
            builder.prompt(ids(i, 1 + i % 9, vocabulary));
            builder.completion(ids(100 + i, 1 + i % 7, vocabulary)).completion(ids(200 + i, 6, vocabulary));
        }
        return builder.build();
    }

    private static int[] ids(long seed, int count, int below) {
        return new Random(seed).ints(count, 0, below).toArray();
    }

    private static float[] normal(int count) {
        Random random = new Random(4);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
