package ai.preceptor.lm.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.weights.Checkpoint;
import ai.preceptor.formats.weights.CheckpointWriter;
import ai.preceptor.formats.weights.ExpectedTensors;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.testkit.Golden;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTensorsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("ai.preceptor.testkit.Golden#families")
    @ValueSource(strings = {"models/llama-reward", "tiny-chat"})
    void compare_goldenModel_findsNoDifference(String name) {
        DecoderConfig config = DecoderConfig.read(Golden.dir(name));
        try (Checkpoint checkpoint = Checkpoint.open(Golden.dir(name))) {
            ExpectedTensors expected = ModelTensors.of(config);
            assertThat(expected.compare(checkpoint).none()).isTrue();
            assertThat(expected.required().keySet()).hasSameSizeAs(checkpoint.names());
            expected.compare(checkpoint).refuse();
        }
    }

    private ExpectedTensors.Differences changed(String model, Consumer<Map<String, TensorData>> change) {
        try (Checkpoint golden = Checkpoint.open(Golden.dir(model))) {
            Map<String, TensorData> tensors = new LinkedHashMap<>();
            golden.names().forEach(name -> tensors.put(name, TensorData.of(golden, name)));
            change.accept(tensors);
            CheckpointWriter.single().write(directory, tensors);
        }
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            return ModelTensors.of(DecoderConfig.read(Golden.dir(model))).compare(checkpoint);
        }
    }

    @Test
    void refuse_severalDifferences_areToldAtOnceWithBothShapes() {
        ExpectedTensors.Differences differences = changed("models/llama", tensors -> {
            tensors.remove("lm_head.weight");
            tensors.remove("model.layers.1.mlp.up_proj.weight");
            tensors.put("model.norm.weight", TensorData.floats(new float[32], 32));
            tensors.put("model.layers.0.input_layernorm.weight", TensorData.longs(new long[64], 64));
            tensors.put("model.layers.0.self_attn.q_norm.weight", TensorData.floats(new float[16], 16));
        });
        assertThatThrownBy(differences::refuse)
                .isInstanceOf(DataException.class)
                .hasMessage(String.join(
                        "\n",
                        directory + ": the weights do not fit config.json",
                        "  missing: model.layers.1.mlp.up_proj.weight [160, 64]",
                        "  missing: lm_head.weight [512, 64]",
                        "  wrong: model.layers.0.input_layernorm.weight expected F32, F16 or BF16, found I64",
                        "  wrong: model.norm.weight expected [64], found [32]",
                        "  unexpected: model.layers.0.self_attn.q_norm.weight [16]"));
    }

    @Test
    void compare_tiedHead_mayBeThereInItsShape() {
        assertThat(changed(
                                "tiny-chat",
                                tensors ->
                                        tensors.put("lm_head.weight", TensorData.floats(new float[512 * 64], 512, 64)))
                        .none())
                .isTrue();
        assertThat(changed(
                                "tiny-chat",
                                tensors -> tensors.put("lm_head.weight", TensorData.floats(new float[64], 1, 64)))
                        .wrong())
                .containsExactly("lm_head.weight expected [512, 64], found [1, 64]");
    }

    @Test
    void compare_rotaryBuffersOfOldCheckpoints_areOfNoAccount() {
        assertThat(changed(
                                "models/llama",
                                tensors -> tensors.put(
                                        "model.layers.1.self_attn.rotary_emb.inv_freq",
                                        TensorData.floats(new float[8], 8)))
                        .none())
                .isTrue();
    }

    @Test
    void of_biases_areRequiredWhereTheConfigurationHasThem() {
        DecoderConfig config = DecoderConfig.read(Golden.dir("models/llama")).edited(json -> {
            json.put("attention_bias", true);
            json.put("mlp_bias", true);
        });
        ExpectedTensors expected = ModelTensors.of(config);
        assertThat(expected.required().get("model.layers.0.self_attn.k_proj.bias"))
                .containsExactly(32);
        assertThat(expected.required().get("model.layers.1.mlp.down_proj.bias")).containsExactly(64);
        assertThat(expected.required()).doesNotContainKey("model.norm.bias");
    }
}
