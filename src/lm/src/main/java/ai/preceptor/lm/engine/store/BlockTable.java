package ai.preceptor.lm.engine.store;

import java.util.Arrays;

/** The blocks of one sequence, in the order of its columns. */
public final class BlockTable {
    private int[] blocks = new int[4];
    private int size;

    /** Blocks that it has. */
    public int size() {
        return size;
    }

    /** Number of a block among those of its {@link BlockPool}. */
    public int get(int index) {
        return blocks[index];
    }

    void add(int block) {
        if (size == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * size);
        }
        blocks[size++] = block;
    }

    /** Says that a block has moved. */
    void moved(int from, int to) {
        for (int i = 0; i < size; i++) {
            if (blocks[i] == from) {
                blocks[i] = to;
                return;
            }
        }
        throw new IllegalStateException("block " + from + " is not of this sequence");
    }

    void clear() {
        size = 0;
    }

    /** The blocks' numbers, in their order. */
    public int[] toArray() {
        return Arrays.copyOf(blocks, size);
    }
}
