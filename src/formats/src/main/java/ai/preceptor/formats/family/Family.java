package ai.preceptor.formats.family;

import ai.preceptor.formats.io.JsonFields;
import ai.preceptor.formats.rope.RopeParameters;
import ai.preceptor.formats.rope.RopeReader;

/**
 * How a family differs from Llama: one override per difference.
 *
 * <p>Methods read keys and note problems with them; they are called once each.
 */
abstract class Family {
    /** The largest dimension of a matrix that still lets its size be counted. */
    static final int MAX_SIZE = 1 << 24;

    static final int MAX_LAYERS = 4096;

    /** Names in its checkpoints. */
    TensorNames names() {
        return TensorNames.LLAMA;
    }

    /** Name of the module that labels tokens. */
    String labelHead() {
        return "score";
    }

    /** Values of keys that are left out. */
    Defaults defaults() {
        return Defaults.LLAMA;
    }

    /** Key of the number of layers. */
    String layersKey() {
        return "num_hidden_layers";
    }

    /** Sizes, under the names most configurations use. */
    Sizes sizes(JsonFields fields) {
        int hidden = fields.size("hidden_size", MAX_SIZE);
        int heads = fields.size("num_attention_heads", MAX_SIZE);
        Defaults defaults = defaults();
        boolean asHeads = defaults.kvHeads() == 0 || fields.isNull("num_key_value_heads");
        return new Sizes(
                fields.size("vocab_size", MAX_SIZE),
                hidden,
                fields.size("intermediate_size", MAX_SIZE),
                fields.size(layersKey(), MAX_LAYERS),
                heads,
                fields.size("num_key_value_heads", MAX_SIZE, asHeads ? heads : defaults.kvHeads()),
                headDim(fields, hidden, heads),
                fields.size("max_position_embeddings", Integer.MAX_VALUE, defaults.positions()));
    }

    private int headDim(JsonFields fields, int hidden, int heads) {
        int shared = Math.max(1, hidden / heads);
        int fixed = defaults().headDim();
        return fields.size("head_dim", MAX_SIZE, fixed == 0 ? shared : fixed);
    }

    double normEps(JsonFields fields) {
        return fields.positive("rms_norm_eps", defaults().normEps());
    }

    LayerStyle style(JsonFields fields) {
        return LayerStyle.gated(Activation.read(fields, "hidden_act", Activation.SILU));
    }

    Biases biases(JsonFields fields) {
        return Biases.attention(fields.flag("attention_bias", false), fields.flag("mlp_bias", false));
    }

    Positions positions(JsonFields fields, Sizes sizes) {
        return Positions.rotary(rope(fields, sizes), 0, sizes.layers());
    }

    final RopeParameters rope(JsonFields fields, Sizes sizes) {
        return new RopeReader(sizes.headDim(), sizes.positions())
                .read(fields, defaults().theta());
    }

    /** What scores are multiplied by before the softmax, at a layer. */
    double attentionScale(JsonFields fields, Sizes sizes, int layer) {
        return 1 / Math.sqrt(sizes.headDim());
    }

    /** What embeddings are multiplied by. */
    double embeddingScale(Sizes sizes) {
        return 1;
    }

    /** Bound of logits by tanh, 0 for none. */
    double logitCap(JsonFields fields) {
        return 0;
    }

    /** Notes keys that change what a model computes, with values nothing here computes. */
    void refuse(JsonFields fields) {}

    /** See {@link ModelFamily#freezesPadding()}. */
    boolean freezesPadding() {
        return true;
    }
}
