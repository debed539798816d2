package ai.preceptor.formats.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.family.Architecture;
import ai.preceptor.formats.family.Biases;
import ai.preceptor.formats.family.Head;
import ai.preceptor.formats.family.ModelFamily;
import ai.preceptor.formats.io.ModelJson;
import ai.preceptor.formats.rope.RopeParameters;
import ai.preceptor.formats.rope.RopeScaling;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderConfigTest {
    private static final String MINIMAL = """
            {"model_type": "llama", "vocab_size": 512, "hidden_size": 64, "intermediate_size": 160,
             "num_hidden_layers": 2, "num_attention_heads": 4}
            """;

    @TempDir
    Path directory;

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static DecoderConfig minimalWith(String key, String value) {
        ObjectNode json = json(MINIMAL);
        json.setAll(json("{\"" + key + "\": " + value + "}"));
        return DecoderConfig.parse(Path.of("config.json"), json);
    }

    @Test
    void read_goldenModel_hasEveryField() {
        DecoderConfig config = DecoderConfig.read(Golden.dir("tiny-chat"));
        assertThat(config.architecture()).isEqualTo(new Architecture(ModelFamily.LLAMA, Head.VOCABULARY));
        assertThat(config.modelType()).isEqualTo("llama");
        assertThat(config.vocabSize()).isEqualTo(512);
        assertThat(config.hiddenSize()).isEqualTo(64);
        assertThat(config.intermediateSize()).isEqualTo(160);
        assertThat(config.layers()).isEqualTo(2);
        assertThat(config.heads()).isEqualTo(4);
        assertThat(config.kvHeads()).isEqualTo(2);
        assertThat(config.headDim()).isEqualTo(16);
        assertThat(config.normEps()).isEqualTo(1e-6);
        assertThat(config.positions().ropes().get(0)).isEqualTo(new RopeParameters(10_000, new RopeScaling.None()));
        assertThat(config.tieWordEmbeddings()).isTrue();
        assertThat(config.biases()).isEqualTo(new Biases(false, false, false));
        assertThat(config.maxPositionEmbeddings()).isEqualTo(512);
        assertThat(config.specialIds()).isEqualTo(new SpecialIds(OptionalInt.of(0), List.of(2), OptionalInt.of(0)));
    }

    @Test
    void read_rewardModel_isOne() {
        assertThat(DecoderConfig.read(Golden.dir("models/llama-reward")).architecture())
                .isEqualTo(new Architecture(ModelFamily.LLAMA, Head.REWARD));
    }

    @Test
    void parse_fewestKeys_takesTransformersDefaults() {
        DecoderConfig config = DecoderConfig.parse(Path.of("config.json"), json(MINIMAL));
        assertThat(config.kvHeads()).isEqualTo(4);
        assertThat(config.headDim()).isEqualTo(16);
        assertThat(config.normEps()).isEqualTo(1e-6);
        assertThat(config.positions().ropes().get(0).theta()).isEqualTo(10_000);
        assertThat(config.maxPositionEmbeddings()).isEqualTo(2048);
        assertThat(config.tieWordEmbeddings()).isFalse();
        assertThat(config.architecture().reward()).isFalse();
        assertThat(config.specialIds().pad()).isEmpty();
    }

    @Test
    void parse_ropeInBothSpellings_isTheSame() {
        RopeParameters expected = new RopeParameters(500_000, new RopeScaling.Llama3(8, 1, 4, 8192));
        String scaling = "\"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
                + " \"original_max_position_embeddings\": 8192, ";
        ObjectNode old = json(MINIMAL);
        old.setAll(json("{\"rope_theta\": 500000.0, \"rope_scaling\": {" + scaling + "\"rope_type\": \"llama3\"}}"));
        assertThat(DecoderConfig.parse(Path.of("config.json"), old)
                        .positions()
                        .ropes()
                        .get(0))
                .isEqualTo(expected);
        assertThat(minimalWith(
                                "rope_parameters",
                                "{" + scaling + "\"rope_theta\": 500000.0, \"rope_type\": \"llama3\"}")
                        .positions()
                        .ropes()
                        .get(0))
                .isEqualTo(expected);
        assertThat(minimalWith("rope_scaling", "{\"type\": \"linear\", \"factor\": 2}")
                        .positions()
                        .ropes()
                        .get(0))
                .isEqualTo(new RopeParameters(10_000, new RopeScaling.Linear(2)));
        assertThat(minimalWith("rope_scaling", "null")
                        .positions()
                        .ropes()
                        .get(0)
                        .scaling())
                .isEqualTo(new RopeScaling.None());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model_type | \"bert\" | key \"model_type\": expected one of llama, mistral, qwen2, qwen3, gemma3_text,"
                        + " olmo2, smollm3, phi3, gpt2, gpt_neox, found \"bert\"",
                "architectures | [\"LlamaModel\"] | key \"architectures\": expected one of [\"LlamaForCausalLM\"],"
                        + " [\"LlamaForSequenceClassification\"], [\"LlamaForTokenClassification\"], found a list [\"LlamaModel\"]",
                "architectures | [\"LlamaForSequenceClassification\"] | key \"num_labels\": expected one label (a reward"
                        + " model gives one score), found 2",
                "vocab_size | \"512\" | key \"vocab_size\": expected a whole number from 1 to 16777216, found string"
                        + " \"512\"",
                "vocab_size | null | key \"vocab_size\" is missing: expected a whole number from 1 to 16777216",
                "hidden_size | 0 | key \"hidden_size\": expected a whole number from 1 to 16777216, found number 0",
                "hidden_size | 66 | key \"hidden_size\": expected a multiple of num_attention_heads 4, found 66",
                "num_hidden_layers | 1e9 | key \"num_hidden_layers\": expected a whole number from 1 to 4096, found"
                        + " number 1.0E9",
                "num_key_value_heads | 3 | key \"num_key_value_heads\": expected a divisor of num_attention_heads 4,"
                        + " found 3",
                "head_dim | 15 | key \"head_dim\": expected an even number (its halves rotate together), found 15",
                "rms_norm_eps | 0 | key \"rms_norm_eps\": expected a number above 0, found number 0",
                "tie_word_embeddings | 1 | key \"tie_word_embeddings\": expected true or false, found number 1",
                "hidden_act | \"mish\" | key \"hidden_act\": expected one of \"silu\", \"swish\", \"gelu\", \"gelu_python\","
                        + " \"gelu_pytorch_tanh\", \"gelu_new\", \"gelu_fast\", \"relu\", found \"mish\"",
                "quantization_config | {\"quant_method\": \"awq\"} | key \"quantization_config\": expected none"
                        + " (quantized safetensors are not read), found method string \"awq\"",
                "eos_token_id | [2, 512] | key \"eos_token_id\": expected a token id from 0 to 511, found number 512",
                "rope_parameters | {\"rope_type\": \"mrope\"} | key \"rope_parameters.rope_type\": expected one of"
                        + " default, linear, dynamic, yarn, llama3, longrope, found \"mrope\"",
                "rope_scaling | {\"type\": \"dynamic\"} | key \"rope_scaling.factor\" is missing: expected a number"
                        + " above 0",
                "rope_parameters | {\"rope_type\": \"linear\"} | key \"rope_parameters.factor\" is missing: expected a"
                        + " number above 0",
                "rope_parameters | {\"partial_rotary_factor\": 0.5} | key \"rope_parameters.partial_rotary_factor\":"
                        + " expected 1 (all of a head rotates), found 0.5",
                "rope_parameters | 3 | key \"rope_parameters\": expected an object, found number 3",
                "rope_theta | -1 | key \"rope_theta\": expected a number above 0, found number -1"
            })
    void parse_badValue_namesFileKeyValueAndRange(String key, String value, String problem) {
        assertThatThrownBy(() -> minimalWith(key, value))
                .isInstanceOf(DataException.class)
                .hasMessage("config.json: " + problem);
    }

    /** Early files of Phi-3 call it so; transformers reads both as longrope. */
    @ParameterizedTest
    @ValueSource(strings = {"su", "yarn"})
    void parse_earlyNamesOfLongropeInPhi3_areLongrope(String type) {
        String phi = """
                {"model_type": "phi3", "vocab_size": 64, "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
                 "num_attention_heads": 4, "max_position_embeddings": 128, "original_max_position_embeddings": 64,
                 "rope_scaling": {"type": "%s", "short_factor": [1.0, 1.5], "long_factor": [2.0, 4.0]}}""";
        DecoderConfig early = DecoderConfig.parse(Path.of("config.json"), json(phi.formatted(type)));
        DecoderConfig now = DecoderConfig.parse(Path.of("config.json"), json(phi.formatted("longrope")));
        assertThat(early.positions()).isEqualTo(now.positions());
        assertThat(early.generationContext()).isEqualTo(64);
    }

    @Test
    void parse_severalBadValues_areToldAtOnce() {
        ObjectNode json = json(MINIMAL);
        json.remove("vocab_size");
        json.put("num_key_value_heads", 0).put("hidden_act", "mish");
        assertThatThrownBy(() -> DecoderConfig.parse(Path.of("config.json"), json))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("config.json: 3 problems")
                .hasMessageContaining("vocab_size")
                .hasMessageContaining("num_key_value_heads")
                .hasMessageContaining("hidden_act");
    }

    @Test
    void specialIds_listNullAndMinusOne_areRead() {
        assertThat(minimalWith("eos_token_id", "[5, 7]").specialIds().eos()).containsExactly(5, 7);
        assertThat(minimalWith("eos_token_id", "null").specialIds().eos()).isEmpty();
        assertThat(minimalWith("pad_token_id", "-1").specialIds().pad()).isEmpty();
    }

    @Test
    void read_headDimOfItsOwn_needsNoMultiple() throws IOException {
        DecoderConfig config = minimalWith("head_dim", "16, \"hidden_size\": 66");
        assertThat(config.headDim()).isEqualTo(16);
        assertThat(config.hiddenSize()).isEqualTo(66);
    }

    @Test
    void write_anyKey_comesBackUnchanged() throws IOException {
        Path source = Golden.dir("models/llama3-scaled-rope");
        DecoderConfig.read(source).write(directory);
        assertThat(ModelJson.read(directory.resolve("config.json")))
                .isEqualTo(ModelJson.read(source.resolve("config.json")));
        DecoderConfig unknown = minimalWith("some_new_key", "{\"a\": [1, 2.5e-07, null]}");
        unknown.write(directory);
        assertThat(Files.readString(directory.resolve("config.json")))
                .startsWith("{\n  \"model_type\": \"llama\",\n")
                .contains("\"some_new_key\": {\n    \"a\": [\n      1,\n      2.5E-7,\n      null\n    ]\n  }")
                .endsWith("}\n");
    }

    @Test
    void asReward_changesTheHeadAlone() {
        DecoderConfig causal = DecoderConfig.read(Golden.dir("models/llama"));
        DecoderConfig reward = causal.asReward(1);
        assertThat(reward.architecture()).isEqualTo(new Architecture(ModelFamily.LLAMA, Head.REWARD));
        ObjectNode golden =
                DecoderConfig.read(Golden.dir("models/llama-reward")).json();
        assertThat(reward.json()).isEqualTo(golden);
    }

    @Test
    void json_isACopy() {
        DecoderConfig config = DecoderConfig.parse(Path.of("config.json"), json(MINIMAL));
        config.json().put("vocab_size", 3);
        assertThat(config.json().get("vocab_size").intValue()).isEqualTo(512);
    }

    @Test
    void read_missingOrTornFile_namesIt() throws IOException {
        assertThatThrownBy(() -> DecoderConfig.read(directory))
                .isInstanceOf(DataException.class)
                .hasMessage(directory.resolve("config.json") + ": no such file");
        Files.writeString(directory.resolve("config.json"), "{\n  \"vocab_size\": 5");
        assertThatThrownBy(() -> DecoderConfig.read(directory))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("config.json:2:")
                .hasMessageContaining("not valid JSON");
    }
}
