package ai.preceptor.lm.engine;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.engine.store.BlockMemory.PromptColumns;
import ai.preceptor.lm.engine.store.BlockPool;
import ai.preceptor.lm.engine.store.BlockTable;
import ai.preceptor.lm.engine.store.KvStore;
import ai.preceptor.lm.torch.DecodeKernels;
import ai.preceptor.lm.torch.Scope;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys, values and last hidden states of some prompts that were computed together, packed. */
final class Prefill {
    private final NDArray[] computed;
    private final long[] bounds;
    private @Nullable PromptColumns columns;

    private Prefill(NDArray[] computed, long[] bounds) {
        this.computed = computed;
        this.bounds = bounds;
    }

    /**
     * Computes prompts. The rows of each matrix product are cut into pieces of proven widths (see {@link RowWidths}), the
     * last one filled up with rows that mean nothing, so that no prompt's numbers depend on its company.
     *
     * @param scope owns the result
     */
    static Prefill compute(StepRunner runner, Scope scope, List<QueuedPrompt> prompts) {
        long[] bounds = new long[prompts.size() + 1];
        for (int i = 0; i < prompts.size(); i++) {
            bounds[i + 1] = bounds[i] + prompts.get(i).length();
        }
        long[] pieces = runner.widths().pieces((int) bounds[prompts.size()]);
        int rows = (int) Arrays.stream(pieces).sum();
        int[] ids = new int[rows];
        int[] positions = new int[rows];
        long[] ends = new long[prompts.size()];
        for (int i = 0; i < ends.length; i++) {
            int first = (int) bounds[i];
            int length = prompts.get(i).length();
            System.arraycopy(prompts.get(i).ids(), 0, ids, first, length);
            for (int p = 0; p < length; p++) {
                positions[first + p] = p;
            }
            ends[i] = bounds[i + 1] - 1;
        }
        DecodeKernels.Prompts packed =
                new DecodeKernels.Prompts(scope.indices(ids), scope.indices(positions), ends, bounds, pieces);
        return new Prefill(runner.prefill(scope, packed), bounds);
    }

    /** Copies a prompt's keys and values to a store. */
    void store(KvStore store, BlockPool pool, BlockTable table, int place, int tokens) {
        if (columns == null) {
            columns = store.columns(computed[0], computed[1]);
        }
        store.storePrompt(pool, table, columns, bounds[place], tokens);
    }

    /** Normed hidden state of a prompt's last token, {@code [1, d]}. */
    NDArray hidden(int place) {
        return computed[2 + place];
    }
}
