package ai.preceptor.lm.engine.vector;

import ai.djl.ndarray.NDArray;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.engine.store.BlockMemory;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.vector.KeyValueBlocks;

/** Blocks as arrays of float32, which are taken when they are first used. */
public final class ArrayBlocks implements BlockMemory {
    private final Torch torch;
    private final KeyValueBlocks arrays;
    private final int blocks;

    /** @param blocks how many there are, at most */
    public ArrayBlocks(Torch torch, DecoderConfig config, int blocks) {
        this.torch = torch;
        this.blocks = blocks;
        this.arrays = new KeyValueBlocks(config.layers(), config.kvHeads(), config.headDim(), blocks);
    }

    /** Bytes of a block of a model. */
    public static long blockBytes(DecoderConfig config) {
        return KeyValueBlocks.blockBytes(config.layers(), config.kvHeads(), config.headDim());
    }

    /** The arrays. */
    public KeyValueBlocks arrays() {
        return arrays;
    }

    @Override
    public int blocks() {
        return blocks;
    }

    @Override
    public void clear(int block) {
        arrays.clear(block);
    }

    @Override
    public void move(long[] moves) {
        for (int i = 0; i < moves.length; i += 2) {
            arrays.move((int) moves[i], (int) moves[i + 1]);
        }
    }

    @Override
    public PromptColumns columns(NDArray keys, NDArray values) {
        return parts -> {
            for (int i = 0; i < parts.length; i += 3) {
                store((int) parts[i], keys, values, parts[i + 1], (int) parts[i + 2]);
            }
        };
    }

    /** A block at a time: all columns of a long prompt may be more than one array can have. */
    private void store(int block, NDArray keys, NDArray values, long first, int count) {
        try (Scope scope = torch.scope()) {
            NDArray[] part = torch.kernels().decode().promptPart(scope, keys, values, first, count);
            arrays.store(block, part[0].toFloatArray(), part[1].toFloatArray(), count, 0, count);
        }
    }
}
