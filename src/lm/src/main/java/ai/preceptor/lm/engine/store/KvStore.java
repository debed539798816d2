package ai.preceptor.lm.engine.store;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.engine.store.BlockMemory.PromptColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Keys and values in blocks of {@link #COLUMNS} tokens, within a budget: what a sequence may come to need is reserved when it
 * enters, so the store cannot overflow later. Blocks that one sample alone reads fill it from the front, those that the samples
 * of a prompt share from the back; see {@code blocks.kernels}.
 */
public final class KvStore {
    /** Tokens of a block. */
    public static final int COLUMNS = 64;

    private final BlockMemory memory;
    private final int blocks;
    private final BitSet cleared = new BitSet();
    private final BlockPool own = new BlockPool();
    private final BlockPool shared = new BlockPool();
    private int reserved;

    /** A store over all blocks of a memory. */
    public KvStore(BlockMemory memory) {
        this.memory = memory;
        this.blocks = memory.blocks();
    }

    /** Blocks that so many tokens need. */
    public static int blocksFor(int tokens) {
        return (tokens + COLUMNS - 1) / COLUMNS;
    }

    /** Blocks that there are. */
    public int blocks() {
        return blocks;
    }

    /** Blocks that are reserved. */
    public int reserved() {
        return reserved;
    }

    /** Blocks that one sample alone reads. */
    public BlockPool own() {
        return own;
    }

    /** Blocks that the samples of a prompt share; their numbers count from the end. */
    public BlockPool shared() {
        return shared;
    }

    /** Sets blocks aside. @return whether there were so many */
    public boolean reserve(int count) {
        if (reserved + count > blocks) {
            return false;
        }
        reserved += count;
        return true;
    }

    /** Gives a reservation back, and the blocks that came of it. */
    public void release(int count, BlockPool pool, BlockTable table) {
        reserved -= count;
        pool.release(table);
    }

    /** Makes room for the column that a sample writes next. */
    public void extend(BlockTable table, int column) {
        while (table.size() <= column / COLUMNS) {
            take(own, table);
        }
    }

    /** Prompts that were computed together, see {@link BlockMemory#columns}. */
    public PromptColumns columns(NDArray keys, NDArray values) {
        return memory.columns(keys, values);
    }

    /**
     * Copies a prompt's columns of a prefill into blocks of its own, taken from a pool.
     *
     * @param columns of the prefill
     * @param start the prompt's first column
     */
    public void storePrompt(BlockPool pool, BlockTable table, PromptColumns columns, long start, int tokens) {
        long[] parts = new long[3 * blocksFor(tokens)];
        while (table.size() < parts.length / 3) {
            take(pool, table);
        }
        for (int i = 0; i < parts.length / 3; i++) {
            parts[3 * i] = pool == own ? table.get(i) : sharedPlace(table.get(i));
            parts[3 * i + 1] = start + (long) i * COLUMNS;
            parts[3 * i + 2] = Math.min(COLUMNS, tokens - i * COLUMNS);
        }
        columns.copy(parts);
    }

    /** The place in memory of a shared block: they lie from the end on. */
    public int sharedPlace(int block) {
        return blocks - 1 - block;
    }

    /** Closes gaps where they have become many. */
    public void compact() {
        compact(own.isSparse(), shared.isSparse());
    }

    /** The two kinds grow towards each other, so the last free blocks may lie in gaps of the other kind. */
    private int take(BlockPool pool, BlockTable table) {
        if (pool.isDense() && own.span() + shared.span() == blocks) {
            compact(true, true);
        }
        int block = pool.take(table);
        int place = pool == own ? block : sharedPlace(block);
        if (!cleared.get(place)) {
            memory.clear(place);
            cleared.set(place);
        }
        return block;
    }

    private void compact(boolean ownToo, boolean sharedToo) {
        List<int[]> ownMoves = ownToo ? own.closingMoves() : List.of();
        List<int[]> sharedMoves = sharedToo ? shared.closingMoves() : List.of();
        List<long[]> moves = new ArrayList<>();
        ownMoves.forEach(move -> moves.add(new long[] {move[0], move[1]}));
        sharedMoves.forEach(move -> moves.add(new long[] {sharedPlace(move[0]), sharedPlace(move[1])}));
        if (!moves.isEmpty()) {
            long[] pairs = moves.stream().flatMapToLong(Arrays::stream).toArray();
            memory.move(pairs);
            own.move(ownMoves); // once the data is there: a kernel that throws has moved nothing
            shared.move(sharedMoves);
        }
    }

    /**
     * Has blocks cleared again before they are used that nobody has now: what a failed request left in them may be no numbers,
     * which would spoil even what is masked.
     */
    public void forgetFreed() {
        BitSet used = new BitSet();
        for (int i = 0; i < own.span(); i++) {
            used.set(i, own.holder(i) != null);
        }
        for (int i = 0; i < shared.span(); i++) {
            used.set(sharedPlace(i), used.get(sharedPlace(i)) || shared.holder(i) != null);
        }
        cleared.and(used);
    }
}
