package ai.preceptor.formats.family;

import ai.preceptor.formats.family.TensorNames.Layout;
import ai.preceptor.formats.family.TensorNames.Norm;
import ai.preceptor.formats.io.JsonFields;
import java.util.List;
import java.util.Map;

/** LayerNorm, learned positions, biases everywhere, an ungated feed-forward block, matrices stored transposed. */
final class Gpt2 extends Family {
    @Override
    TensorNames names() {
        return new TensorNames(
                "transformer.",
                "wte",
                "wpe",
                "h.",
                List.of("attn.c_attn"),
                "attn.c_proj",
                List.of("mlp.c_fc"),
                "mlp.c_proj",
                Map.of(Norm.BEFORE_ATTENTION, "ln_1", Norm.BEFORE_MLP, "ln_2"),
                "ln_f",
                "lm_head",
                Layout.TRANSPOSED);
    }

    @Override
    Defaults defaults() {
        return Defaults.LLAMA.positions(1024).withTiedHead();
    }

    @Override
    String layersKey() {
        return "n_layer";
    }

    @Override
    Sizes sizes(JsonFields fields) {
        int hidden = fields.size("n_embd", MAX_SIZE, 768);
        int heads = fields.size("n_head", MAX_SIZE, 12);
        return new Sizes(
                fields.size("vocab_size", MAX_SIZE, 50_257),
                hidden,
                fields.size("n_inner", MAX_SIZE, 4 * hidden),
                fields.size(layersKey(), MAX_LAYERS, 12),
                heads,
                heads,
                Math.max(1, hidden / heads),
                fields.size("n_positions", MAX_SIZE, defaults().positions()));
    }

    @Override
    String labelHead() {
        return "classifier";
    }

    @Override
    double normEps(JsonFields fields) {
        return fields.positive("layer_norm_epsilon", 1e-5);
    }

    @Override
    LayerStyle style(JsonFields fields) {
        Activation activation = Activation.read(fields, "activation_function", Activation.GELU_TANH);
        return new LayerStyle(LayerStyle.NormKind.LAYER, false, activation, false, false);
    }

    @Override
    Biases biases(JsonFields fields) {
        return Biases.attention(true, true);
    }

    @Override
    Positions positions(JsonFields fields, Sizes sizes) {
        return Positions.learned(sizes.positions(), sizes.layers());
    }

    @Override
    double attentionScale(JsonFields fields, Sizes sizes, int layer) {
        double scale = fields.flag("scale_attn_weights", true) ? 1 / Math.sqrt(sizes.headDim()) : 1;
        return fields.flag("scale_attn_by_inverse_layer_idx", false) ? scale / (layer + 1) : scale;
    }

    @Override
    void refuse(JsonFields fields) {
        if (fields.flag("add_cross_attention", false)) {
            fields.problem("add_cross_attention", "expected false (there is no encoder to attend to), found true");
        }
    }

    @Override
    boolean freezesPadding() {
        return false;
    }
}
