package ai.preceptor.lm.config;

import ai.preceptor.lm.files.ModelJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/** Reads and checks the keys of a decoder's configuration; defaults are those of transformers' LlamaConfig. */
final class DecoderConfigReader {
    /** The largest dimension of a matrix that still lets its size be counted. */
    private static final int MAX_SIZE = 1 << 24;

    private static final int MAX_LAYERS = 4096;

    private DecoderConfigReader() {}

    static DecoderConfig read(JsonFields fields, ObjectNode json) {
        Architecture architecture = architecture(fields);
        refuseWhatWouldBeIgnored(fields);
        int vocabulary = fields.size("vocab_size", MAX_SIZE);
        int hidden = fields.size("hidden_size", MAX_SIZE);
        int heads = fields.size("num_attention_heads", MAX_SIZE);
        int kvHeads = fields.size("num_key_value_heads", MAX_SIZE, heads);
        int headDim = fields.size("head_dim", MAX_SIZE, Math.max(1, hidden / heads));
        if (fields.sound()) {
            checkHeads(fields, hidden, heads, kvHeads, headDim);
        }
        int positions = fields.size("max_position_embeddings", Integer.MAX_VALUE, 2048);
        DecoderConfig config = new DecoderConfig(
                architecture,
                vocabulary,
                hidden,
                fields.size("intermediate_size", MAX_SIZE),
                fields.size("num_hidden_layers", MAX_LAYERS),
                heads,
                kvHeads,
                headDim,
                fields.positive("rms_norm_eps", 1e-6),
                RopeParameters.read(fields, positions),
                fields.flag("tie_word_embeddings", false),
                fields.flag("attention_bias", false),
                fields.flag("mlp_bias", false),
                positions,
                SpecialIds.read(fields, vocabulary),
                json);
        fields.finish();
        return config;
    }

    private static Architecture architecture(JsonFields fields) {
        String modelType = fields.text("model_type").orElse("");
        ModelFamily family = ModelFamily.named(modelType).orElse(null);
        if (family == null) {
            fields.problem("model_type", "expected one of " + ModelFamily.names() + ", found \"" + modelType + "\"");
            fields.finish(); // nothing else can be judged
            throw new IllegalStateException("a noted problem must end the reading");
        }
        JsonNode list = fields.value("architectures");
        if (list.isMissingNode()) {
            return Architecture.of(family, false);
        }
        String label = list.size() == 1 ? list.path(0).asText() : "";
        Architecture found = Architecture.named(family, label).orElse(null);
        if (found == null) {
            List<Architecture> legal = Architecture.of(family);
            fields.problem(
                    "architectures",
                    "expected one of "
                            + legal.stream()
                                    .map(each -> "[\"" + each.label() + "\"]")
                                    .collect(Collectors.joining(", ")),
                    list);
            return legal.get(0);
        }
        if (found.reward()) {
            checkOneLabel(fields);
        }
        return found;
    }

    private static void checkOneLabel(JsonFields fields) {
        JsonNode labels = fields.value("id2label");
        int count =
                labels.isObject() ? labels.size() : fields.value("num_labels").asInt(2);
        if (count != 1) {
            fields.problem(
                    labels.isObject() ? "id2label" : "num_labels",
                    "expected one label (a reward model gives one score), found " + count);
        }
    }

    /** Keys that change what a model computes, with values nothing here computes. */
    private static void refuseWhatWouldBeIgnored(JsonFields fields) {
        String activation = fields.text("hidden_act").orElse("silu");
        if (!activation.equals("silu")) {
            fields.problem("hidden_act", "expected \"silu\", found \"" + activation + "\"");
        }
        JsonNode quantization = fields.value("quantization_config");
        if (!quantization.isMissingNode()) {
            fields.problem(
                    "quantization_config",
                    "expected none (quantized safetensors are not read), found method "
                            + ModelJson.describe(quantization.path("quant_method")));
        }
    }

    private static void checkHeads(JsonFields fields, int hidden, int heads, int kvHeads, int headDim) {
        if (hidden % heads != 0) {
            fields.problem("hidden_size", "expected a multiple of num_attention_heads " + heads + ", found " + hidden);
        }
        if (heads % kvHeads != 0) {
            fields.problem(
                    "num_key_value_heads", "expected a divisor of num_attention_heads " + heads + ", found " + kvHeads);
        }
        if (headDim % 2 != 0) {
            fields.problem("head_dim", "expected an even number (its halves turn together), found " + headDim);
        }
        if ((long) heads * headDim > MAX_SIZE) {
            fields.problem(
                    "head_dim", "expected at most " + MAX_SIZE / heads + " with " + heads + " heads, found " + headDim);
        }
    }
}
