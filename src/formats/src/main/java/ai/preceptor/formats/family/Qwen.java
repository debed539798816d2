package ai.preceptor.formats.family;

import ai.preceptor.formats.io.JsonFields;

/** Qwen 2 and 3: Llama with windows in some layers; 2 has biases of queries, keys and values, 3 a norm over each head. */
final class Qwen extends Family {
    private static final int WINDOW = 4096;
    private static final int FULL_LAYERS = 28;

    private final boolean third;

    Qwen(int generation) {
        this.third = generation == 3;
    }

    @Override
    TensorNames names() {
        return third
                ? TensorNames.LLAMA.norms(TensorNames.withQueryAndKeyNorms(TensorNames.LLAMA.norms()))
                : TensorNames.LLAMA;
    }

    @Override
    Defaults defaults() {
        return Defaults.LLAMA.kvHeads(32).positions(32_768).headDim(third ? 128 : 0);
    }

    @Override
    Biases biases(JsonFields fields) {
        return third ? Biases.attention(fields.flag("attention_bias", false), false) : new Biases(true, false, false);
    }

    @Override
    Positions positions(JsonFields fields, Sizes sizes) {
        boolean windows = fields.flag("use_sliding_window", false) && !fields.isNull("sliding_window");
        int window = windows ? fields.size("sliding_window", Integer.MAX_VALUE, WINDOW) : 0;
        int full = fields.count("max_window_layers", FULL_LAYERS);
        return Positions.rotary(
                rope(fields, sizes),
                LayerTypes.windows(fields, sizes.layers(), window, layer -> windows && layer >= full));
    }
}
