package ai.preceptor.formats.family;

import ai.preceptor.formats.family.TensorNames.Norm;
import ai.preceptor.formats.io.JsonFields;
import ai.preceptor.formats.rope.RopeReader;
import java.util.List;
import java.util.Map;

/**
 * Gemma 3's text model: norms before and after each block and over each head, scaled embeddings, and layers with a
 * window between layers without, each kind with a rotary embedding of its own.
 *
 * <p>{@code attn_logit_softcapping} is ignored: transformers keeps the key and does not apply it in this family.
 */
final class Gemma3 extends Family {
    private static final int WINDOW = 4096;
    private static final int PATTERN = 6;
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";

    @Override
    TensorNames names() {
        return TensorNames.LLAMA.norms(TensorNames.withQueryAndKeyNorms(Map.of(
                Norm.BEFORE_ATTENTION, "input_layernorm",
                Norm.AFTER_ATTENTION, "post_attention_layernorm",
                Norm.BEFORE_MLP, "pre_feedforward_layernorm",
                Norm.AFTER_MLP, "post_feedforward_layernorm")));
    }

    @Override
    Defaults defaults() {
        return Defaults.LLAMA
                .kvHeads(4)
                .headDim(256)
                .positions(131_072)
                .theta(1_000_000)
                .withTiedHead();
    }

    @Override
    LayerStyle style(JsonFields fields) {
        Activation activation = Activation.read(fields, "hidden_activation", Activation.GELU_TANH);
        return new LayerStyle(LayerStyle.NormKind.RMS_OFFSET, false, activation, true, false);
    }

    @Override
    Biases biases(JsonFields fields) {
        return Biases.attention(fields.flag("attention_bias", false), false);
    }

    @Override
    Positions positions(JsonFields fields, Sizes sizes) {
        int pattern = fields.size("sliding_window_pattern", MAX_LAYERS, PATTERN);
        int window = fields.isNull("sliding_window") ? 0 : fields.size("sliding_window", Integer.MAX_VALUE, WINDOW);
        List<Integer> windowOf =
                LayerTypes.windows(fields, sizes.layers(), window, layer -> (layer + 1) % pattern != 0);
        RopeReader reader = new RopeReader(sizes.headDim(), sizes.positions());
        double theta = fields.positive("rope_theta", defaults().theta());
        double local = fields.positive("rope_local_base_freq", Defaults.LLAMA.theta());
        JsonFields ropes = fields.inner("rope_parameters");
        JsonFields full = fields.has("rope_scaling") ? fields.inner("rope_scaling") : ropes.inner(FULL);
        double inner = ropes.inner(FULL).positive("rope_theta", theta);
        return new Positions(
                List.of(reader.read(full, fields, inner), reader.read(ropes.inner(SLIDING), fields, local)),
                windowOf.stream().map(w -> w == 0 ? 0 : 1).toList(),
                windowOf,
                0);
    }

    @Override
    double attentionScale(JsonFields fields, Sizes sizes, int layer) {
        return 1 / Math.sqrt(fields.positive("query_pre_attn_scalar", 256));
    }

    @Override
    double embeddingScale(Sizes sizes) {
        return Math.sqrt(sizes.hidden());
    }

    @Override
    double logitCap(JsonFields fields) {
        return fields.has("final_logit_softcapping") ? fields.positive("final_logit_softcapping") : 0;
    }

    @Override
    void refuse(JsonFields fields) {
        if (fields.flag("use_bidirectional_attention", false)) {
            fields.problem("use_bidirectional_attention", "expected false (attention is causal), found true");
        }
    }
}
