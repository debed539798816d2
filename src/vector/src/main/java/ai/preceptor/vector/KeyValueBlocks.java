package ai.preceptor.vector;

import java.util.Arrays;

/**
 * Keys and values in blocks of {@link #COLUMNS} tokens. A block's memory is taken when it is first used.
 *
 * <p>In a block lie, for each layer and key head, keys {@code [size, columns]} and values {@code [columns, size filled up]}.
 */
public final class KeyValueBlocks {
    /** Tokens of a block. */
    public static final int COLUMNS = 64;

    private final int layers;
    private final int kvHeads;
    private final int size;
    private final int valueSize;
    private final float[][] keys;
    private final float[][] values;

    /**
     * Room for blocks.
     *
     * @param blocks most of them
     */
    public KeyValueBlocks(int layers, int kvHeads, int size, int blocks) {
        this.layers = layers;
        this.kvHeads = kvHeads;
        this.size = size;
        this.valueSize = Lanes.padded(size);
        this.keys = new float[blocks][];
        this.values = new float[blocks][];
    }

    /** Bytes of a block. */
    public static long blockBytes(int layers, int kvHeads, int size) {
        return 4L * layers * kvHeads * COLUMNS * (size + Lanes.padded(size));
    }

    /** Makes a block ready for use. */
    public void clear(int block) {
        if (keys[block] == null) {
            keys[block] = new float[layers * kvHeads * size * COLUMNS];
            values[block] = new float[layers * kvHeads * valueSize * COLUMNS];
        } else {
            Arrays.fill(keys[block], 0);
            Arrays.fill(values[block], 0);
        }
    }

    /** Moves what a block holds to another, whose content is lost. */
    public void move(int from, int to) {
        float[] freedKeys = keys[to];
        float[] freedValues = values[to];
        keys[to] = keys[from];
        values[to] = values[from];
        keys[from] = freedKeys;
        values[from] = freedValues;
    }

    /**
     * Copies columns of computed prompts into a block.
     *
     * @param computedKeys {@code [layers, kvHeads, size, tokens]}
     * @param computedValues {@code [layers, kvHeads, tokens, size]}
     * @param first column to copy
     * @param count how many, at most {@link #COLUMNS}
     */
    public void store(int block, float[] computedKeys, float[] computedValues, int tokens, int first, int count) {
        for (int head = 0; head < layers * kvHeads; head++) {
            for (int d = 0; d < size; d++) {
                int from = (head * size + d) * tokens + first;
                System.arraycopy(computedKeys, from, keys[block], (head * size + d) * COLUMNS, count);
            }
            for (int c = 0; c < count; c++) {
                int from = (head * tokens + first + c) * size;
                System.arraycopy(computedValues, from, values[block], (head * COLUMNS + c) * valueSize, size);
            }
        }
    }

    /** Writes one token's key and value of a head. */
    void write(int block, int layer, int head, int column, float[] x, int key, int value) {
        int place = layer * kvHeads + head;
        float[] k = keys[block];
        for (int d = 0; d < size; d++) {
            k[(place * size + d) * COLUMNS + column] = x[key + d];
        }
        System.arraycopy(x, value, values[block], (place * COLUMNS + column) * valueSize, size);
    }

    /** Keys of a block. */
    float[] keys(int block) {
        return keys[block];
    }

    /** Values of a block. */
    float[] values(int block) {
        return values[block];
    }

    /** Where a layer's keys of a head begin. */
    int keyOffset(int layer, int head) {
        return (layer * kvHeads + head) * size * COLUMNS;
    }

    /** Where a layer's values of a head begin. */
    int valueOffset(int layer, int head) {
        return (layer * kvHeads + head) * valueSize * COLUMNS;
    }

    int size() {
        return size;
    }

    /** Numbers between two columns' values. */
    int valueSize() {
        return valueSize;
    }
}
