package ai.preceptor.lm.generate;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.config.DecoderConfig;
import ai.preceptor.lm.torch.Kernels;
import ai.preceptor.lm.torch.Scope;

/**
 * Keys and values of the rows that are decoded together: keys {@code [layers, rows, kvHeads, size, capacity]}, values
 * {@code [layers, rows, kvHeads, capacity, size]}. It starts as zeros and is never cleared: columns beyond a row's length
 * hold finite numbers of earlier rows, which attention masks.
 */
final class RowCache {
    private final Kernels kernels;
    private final NDArray keys;
    private final NDArray values;

    /**
     * @param owner frees it
     * @param like a matrix of the model: its device and element type are the cache's
     * @param capacity columns of a row, a multiple of {@link AttentionGroups#STRIDE}
     */
    RowCache(Kernels kernels, Scope owner, NDArray like, DecoderConfig config, int rows, int capacity) {
        this.kernels = kernels;
        long[] shape = {config.layers(), rows, config.kvHeads(), config.headDim(), capacity};
        this.keys = kernels.call(owner, "cache_room", like, shape);
        this.values =
                kernels.call(owner, "cache_room", like, new long[] {shape[0], shape[1], shape[2], shape[4], shape[3]});
    }

    NDArray keys() {
        return keys;
    }

    NDArray values() {
        return values;
    }

    /** Copies a prompt into a row. */
    void admit(int row, QueuedPrompt prompt) {
        Prefill from = prompt.prefill();
        kernels.run(
                "admit_row",
                keys,
                values,
                row,
                from.keys(),
                from.values(),
                from.start(prompt.place()),
                prompt.length());
    }

    /** Copies the first {@code length} columns of a row to another. */
    void move(int from, int to, int length) {
        kernels.run("move_row", keys, values, from, to, length);
    }
}
