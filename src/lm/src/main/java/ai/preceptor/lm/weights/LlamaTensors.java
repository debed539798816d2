package ai.preceptor.lm.weights;

import ai.preceptor.lm.config.DecoderConfig;

/** Names and shapes of a Llama-type checkpoint's tensors, as transformers writes them. Linear weights are [out, in]. */
public final class LlamaTensors {
    private LlamaTensors() {}

    /**
     * What a checkpoint of this configuration holds, in the model's order: embedding, layers, norm, head.
     *
     * @param config the configuration
     * @return {@code lm_head.weight} is required unless tied, and allowed (of no account) when tied; a reward model has
     *     {@code score.weight} [1, hidden] instead. Rotary buffers of old checkpoints are ignored.
     */
    public static ExpectedTensors of(DecoderConfig config) {
        ExpectedTensors.Builder tensors = ExpectedTensors.builder();
        long hidden = config.hiddenSize();
        tensors.require("model.embed_tokens.weight", config.vocabSize(), hidden);
        for (int layer = 0; layer < config.layers(); layer++) {
            addLayer(tensors, "model.layers." + layer + ".", config);
        }
        tensors.require("model.norm.weight", hidden);
        if (config.architecture().reward()) {
            tensors.require("score.weight", 1, hidden);
        } else if (config.tieWordEmbeddings()) {
            tensors.allow("lm_head.weight", config.vocabSize(), hidden);
        } else {
            tensors.require("lm_head.weight", config.vocabSize(), hidden);
        }
        return tensors.ignore("model\\.layers\\.\\d+\\.self_attn\\.rotary_emb\\.inv_freq")
                .build();
    }

    private static void addLayer(ExpectedTensors.Builder tensors, String layer, DecoderConfig config) {
        long hidden = config.hiddenSize();
        long inner = config.intermediateSize();
        long queries = (long) config.heads() * config.headDim();
        long keys = (long) config.kvHeads() * config.headDim();
        tensors.require(layer + "input_layernorm.weight", hidden);
        linear(tensors, layer + "self_attn.q_proj", queries, hidden, config.attentionBias());
        linear(tensors, layer + "self_attn.k_proj", keys, hidden, config.attentionBias());
        linear(tensors, layer + "self_attn.v_proj", keys, hidden, config.attentionBias());
        linear(tensors, layer + "self_attn.o_proj", hidden, queries, config.attentionBias());
        tensors.require(layer + "post_attention_layernorm.weight", hidden);
        linear(tensors, layer + "mlp.gate_proj", inner, hidden, config.mlpBias());
        linear(tensors, layer + "mlp.up_proj", inner, hidden, config.mlpBias());
        linear(tensors, layer + "mlp.down_proj", hidden, inner, config.mlpBias());
    }

    private static void linear(ExpectedTensors.Builder tensors, String name, long out, long in, boolean bias) {
        tensors.require(name + ".weight", out, in);
        if (bias) {
            tensors.require(name + ".bias", out);
        }
    }
}
