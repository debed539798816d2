package ai.preceptor.formats.family;

import ai.preceptor.formats.io.JsonFields;

/** Llama with a sliding window in all layers. */
final class Mistral extends Family {
    private static final int WINDOW = 4096;

    @Override
    Defaults defaults() {
        return Defaults.LLAMA.kvHeads(8).positions(131_072);
    }

    @Override
    Biases biases(JsonFields fields) {
        return Biases.attention(false, false);
    }

    @Override
    Positions positions(JsonFields fields, Sizes sizes) {
        int otherwise = fields.isNull("sliding_window") ? 0 : WINDOW;
        int window = fields.size("sliding_window", Integer.MAX_VALUE, otherwise);
        return Positions.rotary(rope(fields, sizes), window, sizes.layers());
    }
}
