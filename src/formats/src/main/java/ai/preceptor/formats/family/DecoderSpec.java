package ai.preceptor.formats.family;

import ai.preceptor.formats.io.JsonFields;
import ai.preceptor.formats.io.ModelJson;
import ai.preceptor.formats.rope.RopeParameters;
import ai.preceptor.formats.rope.RopeScaling;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the keys of a {@code config.json} say a decoder computes; what differs between families, {@link Family} says. For
 * {@code formats.config}, whose {@code DecoderConfig} has the same values.
 */
public record DecoderSpec(
        Architecture architecture,
        Sizes sizes,
        double normEps,
        LayerStyle style,
        Biases biases,
        Positions positions,
        Scales scales,
        boolean tied) {

    /** Reads the keys; what is wrong with them is noted there. */
    public static DecoderSpec read(JsonFields fields) {
        Architecture architecture = architecture(fields);
        Family family = architecture.family().rules();
        refuseQuantized(fields);
        family.refuse(fields);
        Sizes sizes = family.sizes(fields);
        if (fields.sound()) {
            checkHeads(fields, sizes);
        }
        Positions positions = family.positions(fields, sizes);
        DecoderSpec spec = new DecoderSpec(
                architecture,
                sizes,
                family.normEps(fields),
                family.style(fields),
                family.biases(fields),
                positions,
                scales(family, fields, sizes),
                fields.flag("tie_word_embeddings", family.defaults().tied()));
        if (fields.sound() && !positions.ropes().isEmpty() && sizes.headDim() % 2 != 0) {
            fields.problem(
                    "head_dim", "expected an even number (its halves rotate together), found " + sizes.headDim());
        }
        return spec;
    }

    /** Positions the model is meant for: dynamic scaling is meant to be used beyond those that the file names. */
    public int context() {
        double stretch = 1;
        for (RopeParameters rope : positions.ropes()) {
            if (rope.scaling() instanceof RopeScaling.Dynamic dynamic) {
                stretch = Math.max(stretch, dynamic.factor());
            }
        }
        return (int) Math.min(Integer.MAX_VALUE, sizes.positions() * stretch);
    }

    private static Scales scales(Family family, JsonFields fields, Sizes sizes) {
        List<Double> attention = IntStream.range(0, sizes.layers())
                .mapToObj(layer -> family.attentionScale(fields, sizes, layer))
                .toList();
        return new Scales(family.embeddingScale(sizes), attention, family.logitCap(fields));
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
            return new Architecture(family, Head.VOCABULARY);
        }
        String label = list.size() == 1 ? list.path(0).asText() : "";
        Architecture found = Architecture.named(family, label).orElse(null);
        if (found == null) {
            fields.problem(
                    "architectures",
                    "expected one of "
                            + Architecture.of(family)
                                    .map(each -> "[\"" + each.label() + "\"]")
                                    .collect(Collectors.joining(", ")),
                    list);
            return new Architecture(family, Head.VOCABULARY);
        }
        if (found.process()) {
            checkTwoLabels(fields);
        } else if (found.reward()) {
            checkOneLabel(fields);
        }
        return found;
    }

    private static int labels(JsonFields fields) {
        JsonNode labels = fields.value("id2label");
        return labels.isObject() ? labels.size() : fields.value("num_labels").asInt(2);
    }

    private static void checkTwoLabels(JsonFields fields) {
        if (labels(fields) != 2) {
            fields.problem(
                    fields.value("id2label").isObject() ? "id2label" : "num_labels",
                    "expected two labels (a step is wrong or right), found " + labels(fields));
        }
        if (!fields.flag("token_classification_bias", true)) {
            fields.problem("token_classification_bias", "expected true (the head of labels has a bias), found false");
        }
        fields.text(Architecture.STEP_SEPARATOR)
                .filter(String::isEmpty)
                .ifPresent(none ->
                        fields.problem(Architecture.STEP_SEPARATOR, "expected at least one character, found \"\""));
    }

    private static void checkOneLabel(JsonFields fields) {
        JsonNode labels = fields.value("id2label");
        int count = labels(fields);
        // A classifier has several labels too; only an ensemble of rewards says that they are the same thing.
        if (count < 1 || count != fields.value(Architecture.REWARD_HEADS).asInt(1)) {
            fields.problem(
                    labels.isObject() ? "id2label" : "num_labels",
                    "expected one label (a reward model gives one score), found " + count);
        }
    }

    private static void refuseQuantized(JsonFields fields) {
        JsonNode quantization = fields.value("quantization_config");
        if (!quantization.isMissingNode()) {
            fields.problem(
                    "quantization_config",
                    "expected none (quantized safetensors are not read), found method "
                            + ModelJson.describe(quantization.path("quant_method")));
        }
    }

    private static void checkHeads(JsonFields fields, Sizes sizes) {
        int heads = sizes.heads();
        if (sizes.hidden() % heads != 0 && fields.value("head_dim").isMissingNode()) {
            fields.problem(
                    "hidden_size", "expected a multiple of num_attention_heads " + heads + ", found " + sizes.hidden());
        }
        if (heads % sizes.kvHeads() != 0) {
            fields.problem(
                    "num_key_value_heads",
                    "expected a divisor of num_attention_heads " + heads + ", found " + sizes.kvHeads());
        }
        if ((long) heads * sizes.headDim() > Family.MAX_SIZE) {
            fields.problem(
                    "head_dim",
                    "expected at most " + Family.MAX_SIZE / heads + " with " + heads + " heads, found "
                            + sizes.headDim());
        }
    }
}
