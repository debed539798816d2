package ai.preceptor.formats.family;

import ai.preceptor.formats.family.TensorNames.Layout;
import ai.preceptor.formats.family.TensorNames.Norm;
import ai.preceptor.formats.io.JsonFields;
import ai.preceptor.formats.rope.RopeParameters;
import ai.preceptor.formats.rope.RopeReader;
import java.util.List;
import java.util.Map;

/**
 * LayerNorm, rotary positions on a part of each head, attention and an ungated feed-forward block, usually in parallel.
 */
final class GptNeoX extends Family {
    private static final double ROTATED = 0.25;

    @Override
    TensorNames names() {
        return new TensorNames(
                "gpt_neox.",
                "embed_in",
                "",
                "layers.",
                List.of("attention.query_key_value"),
                "attention.dense",
                List.of("mlp.dense_h_to_4h"),
                "mlp.dense_4h_to_h",
                Map.of(Norm.BEFORE_ATTENTION, "input_layernorm", Norm.BEFORE_MLP, "post_attention_layernorm"),
                "final_layer_norm",
                "embed_out",
                Layout.HEAD_BY_HEAD);
    }

    @Override
    Sizes sizes(JsonFields fields) {
        Sizes read = super.sizes(fields);
        int shared = Math.max(1, read.hidden() / read.heads());
        return new Sizes(
                read.vocabulary(),
                read.hidden(),
                read.intermediate(),
                read.layers(),
                read.heads(),
                read.heads(),
                shared,
                read.positions());
    }

    @Override
    String labelHead() {
        return "classifier";
    }

    @Override
    double normEps(JsonFields fields) {
        return fields.positive("layer_norm_eps", 1e-5);
    }

    @Override
    LayerStyle style(JsonFields fields) {
        Activation activation = Activation.read(fields, "hidden_act", Activation.GELU);
        boolean parallel = fields.flag("use_parallel_residual", true);
        return new LayerStyle(LayerStyle.NormKind.LAYER, false, activation, false, parallel);
    }

    @Override
    Biases biases(JsonFields fields) {
        return Biases.attention(fields.flag("attention_bias", true), true);
    }

    @Override
    Positions positions(JsonFields fields, Sizes sizes) {
        double theta = fields.positive("rotary_emb_base", defaults().theta());
        double part = fields.positive("rotary_pct", ROTATED);
        RopeParameters rope =
                new RopeReader(sizes.headDim(), sizes.positions()).partial(part).read(fields, theta);
        return Positions.rotary(rope, 0, sizes.layers());
    }

    @Override
    boolean freezesPadding() {
        return false;
    }
}
