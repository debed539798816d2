package ai.preceptor.bench;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.batch.PackedBatch;

/**
 * Floating-point operations that a DPO step on a packed batch cannot do without: reference forward, forward, and twice
 * that backward, in the layers' matrices for every row and in the head for every target. Attention is left out; at these
 * lengths it is a few percent.
 */
record DpoWork(DecoderConfig config) {
    private static final int PASSES = 4;

    double flops(PackedBatch batch) {
        double hidden = config.hiddenSize();
        double heads = (double) config.heads() * config.headDim();
        double keys = (double) config.kvHeads() * config.headDim();
        double layer = hidden * (2 * heads + 2 * keys + 3.0 * config.intermediateSize());
        double trunk = 2 * layer * config.layers() * batch.rows();
        double head = 2 * hidden * config.vocabSize() * batch.targets().length;
        return PASSES * (trunk + head);
    }
}
