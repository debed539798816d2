package ai.preceptor.lm.generate;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.Scope;
import java.util.List;

/**
 * Keys, values and last hidden states of some prompts that were computed together, without padding. It frees itself when
 * the last of its prompts lets go.
 */
final class Prefill {
    private final Scope scope;
    private final NDArray keys;
    private final NDArray values;
    private final NDArray hidden;
    private final long[] bounds;
    private int holders;

    private Prefill(Scope scope, NDArray[] computed, long[] bounds) {
        this.scope = scope;
        this.keys = computed[0];
        this.values = computed[1];
        this.hidden = computed[2];
        this.bounds = bounds;
        this.holders = bounds.length - 1;
    }

    /**
     * Computes prompts and tells each where it is.
     *
     * @param scope of its own, inside the engine's
     */
    static void compute(DecodeKernels kernels, Scope scope, List<QueuedPrompt> prompts) {
        long[] bounds = new long[prompts.size() + 1];
        for (int i = 0; i < prompts.size(); i++) {
            bounds[i + 1] = bounds[i] + prompts.get(i).length();
        }
        int tokens = (int) bounds[prompts.size()];
        int[] ids = new int[tokens];
        int[] positions = new int[tokens];
        int[] ends = new int[prompts.size()];
        for (int i = 0; i < ends.length; i++) {
            int first = (int) bounds[i];
            int length = prompts.get(i).length();
            System.arraycopy(prompts.get(i).ids(), 0, ids, first, length);
            for (int p = 0; p < length; p++) {
                positions[first + p] = p;
            }
            ends[i] = first + length - 1;
        }
        Prefill prefill = new Prefill(scope, kernels.prefill(scope, ids, positions, ends, bounds), bounds);
        for (int i = 0; i < ends.length; i++) {
            prompts.get(i).prefilled(prefill, i);
        }
    }

    /** {@code [layers, kvHeads, size, tokens]}. */
    NDArray keys() {
        return keys;
    }

    /** {@code [layers, kvHeads, tokens, size]}. */
    NDArray values() {
        return values;
    }

    /** Normed hidden state of each prompt's last token, {@code [prompts, d]}. */
    NDArray hidden() {
        return hidden;
    }

    /** Column where a prompt starts. */
    long start(int place) {
        return bounds[place];
    }

    /** Counts one prompt as done. */
    void release() {
        holders--;
        if (holders == 0) {
            scope.close();
        }
    }
}
