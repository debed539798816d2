package ai.preceptor.formats.family;

import ai.preceptor.formats.io.JsonFields;
import ai.preceptor.formats.rope.RopeParameters;
import ai.preceptor.formats.rope.RopeReader;

/** Llama with one matrix for queries, keys and values and one for gate and up, and perhaps a window in all layers. */
final class Phi3 extends Family {
    @Override
    TensorNames names() {
        return TensorNames.LLAMA.fused("self_attn.qkv_proj", "mlp.gate_up_proj");
    }

    @Override
    Defaults defaults() {
        return Defaults.LLAMA.normEps(1e-5).positions(4096);
    }

    @Override
    Biases biases(JsonFields fields) {
        return Biases.attention(false, false);
    }

    @Override
    Positions positions(JsonFields fields, Sizes sizes) {
        int window = fields.has("sliding_window") ? fields.size("sliding_window", Integer.MAX_VALUE) : 0;
        int original = fields.size("original_max_position_embeddings", Integer.MAX_VALUE, 4096);
        RopeParameters rope = new RopeReader(sizes.headDim(), sizes.positions())
                .partial(1)
                .original(original)
                .longRopeAs("su", "yarn") // as early files call it
                .read(fields, defaults().theta());
        return Positions.rotary(rope, window, sizes.layers());
    }
}
