package ai.preceptor.lm.engine.store;

import ai.djl.ndarray.NDArray;

/** The memory that blocks of keys and values lie in. Belongs to the engine's thread. */
public interface BlockMemory {
    /** Blocks that there are. */
    int blocks();

    /** Makes a block ready for use: what is masked must still be numbers. */
    void clear(int block);

    /**
     * Moves blocks.
     *
     * @param moves pairs (from, to); what {@code to} held is lost
     */
    void move(long[] moves);

    /**
     * Computed prompts, to be copied into blocks.
     *
     * @param keys {@code [layers, kvHeads, size, columns]}
     * @param values {@code [layers, kvHeads, columns, size]}
     */
    PromptColumns columns(NDArray keys, NDArray values);

    /** Columns of prompts that were computed together. */
    @FunctionalInterface
    interface PromptColumns {
        /**
         * Copies some of them into blocks.
         *
         * @param parts triples (block, first column, columns)
         */
        void copy(long[] parts);
    }
}
