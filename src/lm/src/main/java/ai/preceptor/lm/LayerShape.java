package ai.preceptor.lm;

import ai.preceptor.lm.config.DecoderConfig;

/**
 * Sizes of one layer.
 *
 * @param hidden width of the residual stream
 * @param intermediate width of the gated MLP
 * @param queries query heads x head size
 * @param keys key heads x head size
 */
record LayerShape(long hidden, long intermediate, long queries, long keys, boolean attentionBias, boolean mlpBias) {

    static LayerShape of(DecoderConfig config) {
        return new LayerShape(
                config.hiddenSize(),
                config.intermediateSize(),
                (long) config.heads() * config.headDim(),
                (long) config.kvHeads() * config.headDim(),
                config.attentionBias(),
                config.mlpBias());
    }
}
