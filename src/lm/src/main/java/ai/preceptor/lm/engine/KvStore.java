package ai.preceptor.lm.engine;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.torch.DecodeKernels;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Keys and values in blocks of {@link #COLUMNS} tokens, within a budget: what a sequence may come to need is reserved when it
 * enters, so the store cannot overflow later. Blocks that one sample alone reads fill it from the front, those that the samples
 * of a prompt share from the back; see {@code blocks.kernels}.
 */
final class KvStore {
    /** Tokens of a block. */
    static final int COLUMNS = 64;

    private final DecodeKernels kernels;
    private final DecodeKernels.Cache cache;
    private final int blocks;
    private final int leastUnits;
    private final BitSet cleared = new BitSet();
    private final BlockPool own = new BlockPool();
    private final BlockPool shared = new BlockPool();
    private int reserved;

    /**
     * @param owner frees it
     * @param blocks how many there are
     * @throws ConfigurationException if the device does not have the memory
     */
    KvStore(LanguageModel model, Scope owner, int blocks) {
        Torch torch = model.parameters().torch();
        DecoderConfig config = model.config();
        this.kernels = torch.kernels().decode();
        this.blocks = blocks;
        this.leastUnits = leastUnits(config);
        NDArray like = model.head().compute();
        try {
            NDArray keys = kernels.storeRoom(
                    owner, like, config.layers(), blocks, config.kvHeads(), config.headDim(), COLUMNS);
            NDArray values = kernels.storeRoom(
                    owner, like, config.layers(), blocks, config.kvHeads(), COLUMNS, config.headDim());
            this.cache = new DecodeKernels.Cache(keys, values);
        } catch (EngineException e) {
            throw new ConfigurationException(
                    "a key-value store of " + blocks * blockBytes(model) + " bytes does not fit on "
                            + torch.device()
                            + " beside the model; expected fewer bytes (kv_cache_memory_bytes of"
                            + " serve), or shorter prompts and answers (max_new_tokens)",
                    e);
        }
    }

    /** Blocks that so many tokens need. */
    static int blocksFor(int tokens) {
        return (tokens + COLUMNS - 1) / COLUMNS;
    }

    /** Bytes of a block of a model. */
    static long blockBytes(LanguageModel model) {
        DecoderConfig config = model.config();
        long numbers = 2L * config.layers() * config.kvHeads() * config.headDim() * COLUMNS;
        return numbers * model.parameters().precision().bytes();
    }

    /**
     * Fewest units of attention in a batch. PyTorch computes a batch of 16-bit products of no more than 16 x 16 x 16
     * multiplications by other code, which rounds differently.
     */
    static int leastUnits(DecoderConfig config) {
        return 1 + 16 * 16 * 16 / (config.heads() * config.headDim() * COLUMNS);
    }

    /** See {@link #leastUnits(DecoderConfig)}. */
    int leastUnits() {
        return leastUnits;
    }

    /** Keys and values as kernels take them. */
    DecodeKernels.Cache cache() {
        return cache;
    }

    int blocks() {
        return blocks;
    }

    /** Blocks that are reserved. */
    int reserved() {
        return reserved;
    }

    BlockPool own() {
        return own;
    }

    BlockPool shared() {
        return shared;
    }

    /** Sets blocks aside. @return whether there were so many */
    boolean reserve(int count) {
        if (reserved + count > blocks) {
            return false;
        }
        reserved += count;
        return true;
    }

    /** Gives a reservation back, and the blocks that came of it. */
    void release(int count, BlockPool pool, BlockTable table) {
        reserved -= count;
        pool.release(table);
    }

    /** Makes room for the column that a sample writes next. */
    void extend(BlockTable table, int column) {
        while (table.size() <= column / COLUMNS) {
            take(own, table);
        }
    }

    /** Copies a prompt's columns of a prefill into blocks of its own, taken from a pool. */
    void storePrompt(BlockPool pool, BlockTable table, Prefill from, int place, int tokens) {
        long[] parts = new long[3 * blocksFor(tokens)];
        while (table.size() < parts.length / 3) {
            take(pool, table);
        }
        for (int i = 0; i < parts.length / 3; i++) {
            parts[3 * i] = pool == own ? table.get(i) : backward(table.get(i));
            parts[3 * i + 1] = from.start(place) + (long) i * COLUMNS;
            parts[3 * i + 2] = Math.min(COLUMNS, tokens - i * COLUMNS);
        }
        kernels.storePrompt(cache, from.keys(), from.values(), parts);
    }

    /** Closes gaps where they have become many. */
    void compact() {
        compact(own.isSparse(), shared.isSparse());
    }

    /** The two kinds grow towards each other, so the last free blocks may lie in gaps of the other kind. */
    private int take(BlockPool pool, BlockTable table) {
        if (pool.isDense() && own.span() + shared.span() == blocks) {
            compact(true, true);
        }
        int block = pool.take(table);
        int place = pool == own ? block : backward(block);
        if (!cleared.get(place)) {
            kernels.clearBlock(cache, place);
            cleared.set(place);
        }
        return block;
    }

    private void compact(boolean ownToo, boolean sharedToo) {
        List<int[]> ownMoves = ownToo ? own.closingMoves() : List.of();
        List<int[]> sharedMoves = sharedToo ? shared.closingMoves() : List.of();
        List<long[]> moves = new ArrayList<>();
        ownMoves.forEach(move -> moves.add(new long[] {move[0], move[1]}));
        sharedMoves.forEach(move -> moves.add(new long[] {backward(move[0]), backward(move[1])}));
        if (!moves.isEmpty()) {
            long[] pairs = moves.stream().flatMapToLong(Arrays::stream).toArray();
            kernels.moveBlocks(cache, pairs);
            own.move(ownMoves); // once the data is there: a kernel that throws has moved nothing
            shared.move(sharedMoves);
        }
    }

    /**
     * Has blocks cleared again before they are used that nobody has now: what a failed request left in them may be no numbers,
     * which would spoil even what is masked.
     */
    void forgetFreed() {
        BitSet used = new BitSet();
        for (int i = 0; i < own.span(); i++) {
            used.set(i, own.holder(i) != null);
        }
        for (int i = 0; i < shared.span(); i++) {
            used.set(backward(i), used.get(backward(i)) || shared.holder(i) != null);
        }
        cleared.and(used);
    }

    /** Shared block i is the i-th from the end. */
    private int backward(int block) {
        return blocks - 1 - block;
    }
}
