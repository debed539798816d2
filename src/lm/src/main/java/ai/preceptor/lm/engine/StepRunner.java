package ai.preceptor.lm.engine;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.engine.store.KvStore;
import ai.preceptor.lm.torch.DecodeKernels;
import ai.preceptor.lm.torch.Scope;
import java.util.List;

/** Computes prompts and steps of one model. A row's result depends on no other row, to the last bit. */
interface StepRunner extends AutoCloseable {
    /** Most rows of a step. */
    int mostRows();

    /** Rows that the matrix products of a prefill may have. */
    RowWidths widths();

    /** Keys, values and last hidden states of packed prompts, see {@link Prefill}. */
    NDArray[] prefill(Scope out, DecodeKernels.Prompts prompts);

    /**
     * Draws the first tokens of samples whose prompts are prefilled.
     *
     * @param out owns what is computed on the way
     * @return what was drawn, in their order
     */
    DrawnTokens first(Scope out, List<Sample> samples);

    /**
     * Feeds each row its last token and draws the next.
     *
     * @param out owns what is computed on the way
     * @param store takes the rows' keys and values
     * @param settings of the rows
     * @return what was drawn, in their order
     */
    DrawnTokens step(Scope out, List<Sample> rows, KvStore store, RowSettings settings);

    /** Ends its threads; by default there are none. What tensors it has are the engine's. */
    @Override
    default void close() {}
}
