package ai.preceptor.lm.engine.vector;

import ai.djl.ndarray.NDArray;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.engine.store.BlockMemory;
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
        float[] computedKeys = Floats.of(torch, keys);
        float[] computedValues = Floats.of(torch, values);
        int tokens = (int) values.getShape().get(2);
        return parts -> {
            for (int i = 0; i < parts.length; i += 3) {
                arrays.store(
                        (int) parts[i], computedKeys, computedValues, tokens, (int) parts[i + 1], (int) parts[i + 2]);
            }
        };
    }
}
