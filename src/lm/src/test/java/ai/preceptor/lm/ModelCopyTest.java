package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.weights.Checkpoint;
import ai.preceptor.formats.weights.CheckpointWriter;
import ai.preceptor.formats.weights.FloatFormat;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.copy.ModelAverage;
import ai.preceptor.lm.copy.ModelCopy;
import ai.preceptor.lm.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Students cut from teachers, and means of models. */
class ModelCopyTest {
    private static final String NORM = "model.norm.weight";

    @TempDir
    private Path folder;

    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu", 1);
    }

    @AfterEach
    void close() {
        torch.close();
    }

    private Path copied(ModelCopy copy) throws IOException {
        Path output = Files.createDirectories(folder.resolve("out"));
        copy.writeTo(output);
        return output;
    }

    /** The same model with some of its tensors changed. */
    private Path changed(Path model, String name, String pattern, UnaryOperator<float[]> change) throws IOException {
        Path output = Files.createDirectories(folder.resolve(name));
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        try (Checkpoint before = Checkpoint.open(model)) {
            for (String tensor : before.names()) {
                float[] values = before.floats(tensor);
                tensors.put(
                        tensor,
                        TensorData.floats(
                                tensor.matches(pattern) ? change.apply(values) : values,
                                before.info(tensor).shape()));
            }
            new CheckpointWriter(Long.MAX_VALUE).write(output, tensors);
        }
        DecoderConfig.read(model).write(output);
        return output;
    }

    private float[] logprobs(Path model) {
        PackedBatch batch = RandomModel.batch();
        try (LanguageModel loaded = LanguageModel.load(torch, model, LoadOptions.FROZEN)) {
            return loaded.logprobs(batch);
        }
    }

    /** A layer whose projections into the residual stream are 0 adds nothing: without it the model is the same. */
    @ParameterizedTest
    @EnumSource(
            value = TinyFamilies.class,
            names = {"LLAMA_BIASES_YARN", "QWEN2_SOME_WINDOWS", "QWEN3", "GEMMA3", "SMOLLM3", "PHI3", "GPT_NEOX"})
    void keepLayers_isTheModelWhoseOtherLayersAddNothing(TinyFamilies family) throws IOException {
        Path teacher = Files.createDirectories(folder.resolve("teacher"));
        try (LanguageModel model = family.model(torch, LoadOptions.FROZEN)) {
            model.save(teacher);
        }
        Path silent = changed(
                teacher,
                "silent",
                ".*layers\\.0\\.(self_attn\\.o_proj|mlp\\.down_proj|attention\\.dense|mlp\\.dense_4h_to_h)\\..*",
                values -> new float[values.length]);
        Path cut = copied(new ModelCopy(teacher, null, ModelAverage.NONE, List.of(1), null, Long.MAX_VALUE));
        assertThat(DecoderConfig.read(cut).layers()).isEqualTo(1);
        float[] expected = logprobs(silent);
        float[] found = logprobs(cut);
        assertThat(found).isNotEqualTo(logprobs(teacher));
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).as("%s %d", family, i).isCloseTo(expected[i], within(2e-5f));
        }
    }

    @Test
    void keepLayers_beyondTheModel_isRefused() throws IOException {
        Path model = RandomModel.write(torch, folder.resolve("model"), true);
        ModelCopy copy = new ModelCopy(model, null, ModelAverage.NONE, List.of(0, 2), null, Long.MAX_VALUE);
        assertThatThrownBy(() -> copied(copy))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("keep_layers: expected numbers from 0 to 1, the model's layers, found 2");
    }

    /** Also where the shares of the sum are no binary fractions. */
    @Test
    void averageOfAModelWithItself_isTheModelToTheBit() throws IOException {
        Path model = RandomModel.write(torch, folder.resolve("model"), true);
        for (List<Double> weights : List.of(List.of(1.0, 1.0, 1.0), List.of(0.1, 0.2, 3.0))) {
            ModelAverage average = new ModelAverage(List.of(model, model), weights);
            Path mean = copied(new ModelCopy(model, null, average, List.of(), null, Long.MAX_VALUE));
            try (Checkpoint before = Checkpoint.open(model);
                    Checkpoint after = Checkpoint.open(mean)) {
                assertThat(after.names()).isEqualTo(before.names());
                for (String name : before.names()) {
                    assertThat(after.map(name)).as(name).isEqualTo(before.map(name));
                }
            }
        }
    }

    /** (1 * 1 + 3 * 5) / 4 = 4; equal weights give 3; in bfloat16 4 is 4. */
    @Test
    void average_isTheWeightedMean() throws IOException {
        Path model = RandomModel.write(torch, folder.resolve("model"), true);
        Path ones = changed(model, "ones", NORM, values -> filled(values, 1));
        Path fives = changed(model, "fives", NORM, values -> filled(values, 5));
        ModelAverage weighted = new ModelAverage(List.of(fives), List.of(1.0, 3.0));
        Path mean = copied(new ModelCopy(ones, null, weighted, List.of(), FloatFormat.BF16, Long.MAX_VALUE));
        try (Checkpoint after = Checkpoint.open(mean)) {
            assertThat(after.floats(NORM)).containsOnly(4);
        }
        assertThat(DecoderConfig.read(mean).json().path("dtype").asText()).isEqualTo("bfloat16");
        mean = copied(new ModelCopy(ones, null, ModelAverage.equal(List.of(fives)), List.of(), null, Long.MAX_VALUE));
        try (Checkpoint after = Checkpoint.open(mean)) {
            assertThat(after.floats(NORM)).containsOnly(3);
        }
    }

    private static float[] filled(float[] values, float value) {
        float[] all = values.clone();
        Arrays.fill(all, value);
        return all;
    }

    @Test
    void average_ofUnlikeModels_isRefusedByName() throws IOException {
        Path model = RandomModel.write(torch, folder.resolve("model"), true);
        Path shorter = Files.createDirectories(folder.resolve("shorter"));
        new ModelCopy(model, null, ModelAverage.NONE, List.of(0), null, Long.MAX_VALUE).writeTo(shorter);
        assertThatThrownBy(() -> copied(new ModelCopy(
                        model, null, ModelAverage.equal(List.of(shorter)), List.of(), null, Long.MAX_VALUE)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(shorter.toString())
                .hasMessageContaining("cannot be averaged with " + model + ": number of layers: expected 2, found 1");
        Path other = changed(model, "other", "none", UnaryOperator.identity());
        DecoderConfig.read(other).edited(json -> json.put("rms_norm_eps", 1e-5)).write(other);
        assertThatThrownBy(() -> copied(new ModelCopy(
                        model, null, ModelAverage.equal(List.of(other)), List.of(), null, Long.MAX_VALUE)))
                .hasMessageContaining("epsilon of norms: expected 1.0E-6, found 1.0E-5");
    }

    /** Where steps end, and which label is which, is no number of a layer. */
    @Test
    void average_ofProcessRewardModels_withOtherSeparatorsOrLabels_isRefused() throws IOException {
        Path language = RandomModel.write(torch, folder.resolve("language"), true);
        Path model = process(language, "one", " ## ");
        assertUnlike(model, process(language, "two", " || "), "step separator: expected  ## , found  || ");
        Path turned = process(language, "three", " ## ");
        DecoderConfig.read(turned)
                .edited(json -> {
                    json.putObject("id2label").put("0", "right").put("1", "wrong");
                    json.putObject("label2id").put("right", 0).put("wrong", 1);
                })
                .write(turned);
        assertUnlike(model, turned, "labels: expected [LABEL_0, LABEL_1], found [right, wrong]");
        Path mean = copied(new ModelCopy(
                model,
                null,
                ModelAverage.equal(List.of(process(language, "four", " ## "))),
                List.of(),
                null,
                1L << 40));
        assertThat(DecoderConfig.read(mean).stepSeparator()).isEqualTo(" ## ");
    }

    private Path process(Path language, String name, String separator) throws IOException {
        Path output = Files.createDirectories(folder.resolve(name));
        RewardBackbone.NewHeads heads = new RewardBackbone.NewHeads(1, RewardBackbone.HeadInit.NORMAL, 3);
        try (RewardBackbone model = RewardBackbone.loadProcess(torch, language, LoadOptions.FROZEN, separator, heads)) {
            model.save(output);
        }
        return output;
    }

    private void assertUnlike(Path model, Path other, String message) {
        assertThatThrownBy(() -> copied(new ModelCopy(
                        model, null, ModelAverage.equal(List.of(other)), List.of(), null, Long.MAX_VALUE)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(other.toString())
                .hasMessageContaining("cannot be averaged with " + model + ": " + message);
    }
}
