package ai.preceptor.lm.engine.vector;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.vector.KeyValueBlocks;
import ai.preceptor.vector.WeightType;
import java.util.Optional;

/**
 * What steps of a model take of Java's heap, known before its weights are read.
 *
 * @param config the model
 * @param type of packed weights
 */
public record HeapNeed(DecoderConfig config, WeightType type) {
    /** Tokens of a sample that there is room for; a longer one of a model with a longer context may be refused later. */
    static final int TOKENS = 4096;

    /** Numbers in all matrices of a model, the head's among them. */
    public static long numbers(DecoderConfig config) {
        long hidden = config.hiddenSize();
        long heads = 2L * (config.heads() + config.kvHeads()) * config.headDim(); // query, output; key, value
        long forward = (config.style().gated() ? 3L : 2L) * config.intermediateSize();
        return hidden * (config.layers() * (heads + forward) + config.vocabSize());
    }

    /** Bytes of the packed weights. */
    public long packed() {
        return numbers(config) * type.bytes();
    }

    /** Bytes of the packed weights, and of one sample's keys and values. */
    long bytes() {
        long tokens = Math.min(config.maxPositionEmbeddings(), TOKENS);
        long blocks = (tokens + KeyValueBlocks.COLUMNS - 1) / KeyValueBlocks.COLUMNS;
        return packed() + blocks * ArrayBlocks.blockBytes(config);
    }

    /** Why the heap cannot have these, in words; empty if it can. */
    public Optional<String> whyNot() {
        return VectorModel.whyNotFit(bytes(), Runtime.getRuntime().maxMemory());
    }
}
