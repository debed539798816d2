package ai.preceptor.formats.family;

import ai.preceptor.formats.family.TensorNames.Norm;
import ai.preceptor.formats.io.JsonFields;
import java.util.Map;

/** Norms after each block instead of before it, and over all queries and all keys of a token. */
final class Olmo2 extends Family {
    @Override
    TensorNames names() {
        return TensorNames.LLAMA.norms(TensorNames.withQueryAndKeyNorms(Map.of(
                Norm.AFTER_ATTENTION, "post_attention_layernorm", Norm.AFTER_MLP, "post_feedforward_layernorm")));
    }

    @Override
    Defaults defaults() {
        return Defaults.LLAMA.normEps(1e-5);
    }

    @Override
    LayerStyle style(JsonFields fields) {
        Activation activation = Activation.read(fields, "hidden_act", Activation.SILU);
        return new LayerStyle(LayerStyle.NormKind.RMS, true, activation, true, false);
    }

    @Override
    Biases biases(JsonFields fields) {
        return Biases.attention(fields.flag("attention_bias", false), false);
    }
}
