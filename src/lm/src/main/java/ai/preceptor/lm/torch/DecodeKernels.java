package ai.preceptor.lm.torch;

import ai.djl.ndarray.NDArray;

/** The kernels of generation and of its key-value store; decode.kernels and blocks.kernels say what each tensor is. */
public interface DecodeKernels {
    /**
     * A model.
     *
     * @param embeddings of tokens and, where they are learned, of positions
     * @param matrices of {@link #decodeMatrices}
     * @param biases four a layer
     * @param norms eight a layer, then weight and shift of the final norm
     * @param tables cosines and sines by position, of each rotary embedding
     */
    record Model(
            NDArray[] embeddings,
            NDArray[] matrices,
            NDArray[] biases,
            NDArray[] norms,
            NDArray[] tables,
            KernelPlan plan) {}

    /**
     * Prompts, packed.
     *
     * @param ids of the rows
     * @param positions of the rows
     * @param ends last row of each prompt
     * @param bounds first row of each prompt, and the end
     * @param pieces rows of each matrix product
     */
    record Prompts(NDArray ids, NDArray positions, long[] ends, long[] bounds, long[] pieces) {}

    /**
     * How the rows of a step draw.
     *
     * @param settings of each row
     * @param edits changes of single logits
     * @param flags what any row needs
     */
    record Sampling(NDArray settings, NDArray[] edits, long[] flags) {}

    /** Keys and values in blocks. */
    record Cache(NDArray keys, NDArray values) {}

    /**
     * A model's matrices as generation multiplies with them, the head last.
     *
     * @param projections four a layer
     * @param gated whether the MLP's inputs are a gate and what it gates
     * @param pack whether they may be copied, laid out for faster products
     * @param rows that products usually have
     */
    @Takes("w, head, gated, pack, rows")
    NDArray[] decodeMatrices(Scope out, NDArray[] projections, NDArray head, boolean gated, boolean pack, int rows);

    /** For each number of rows 1 where products of a matrix round as those with {@code reference} rows do, else 0. */
    @Takes("w, widths, reference")
    NDArray sameRounding(Scope out, NDArray matrix, long[] widths, int reference);

    /** Keys {@code [layers, kv, size, n]}, values {@code [layers, kv, n, size]}, then each prompt's last hidden state. */
    @Takes("ids, positions, ends, bounds, pieces, embeddings, w, b, norms, tables, plan, numbers")
    NDArray[] prefill(Scope out, Prompts prompts, Model model);

    /**
     * Draws first tokens.
     *
     * @param hidden {@code [1, d]} each
     * @param width rows of the product with the head
     * @param bits uniform numbers
     * @return a column per row, then the support of those that want it, see {@code choose_tokens}
     */
    @Takes("hidden, width, head, cap, bits, settings, edits, flags")
    NDArray[] firstTokens(
            Scope out, NDArray[] hidden, int width, NDArray head, double cap, NDArray bits, Sampling sampling);

    /**
     * Feeds each row its last token and draws the next.
     *
     * @param state whole numbers that describe the step
     * @param counts of these
     * @return a column per row, then the support of those that want it, see {@code choose_tokens}
     */
    @Takes("state, counts, settings, edits, flags, keys, values, embeddings, w, b, norms, tables, plan, numbers")
    NDArray[] decodeStep(Scope out, NDArray state, long[] counts, Sampling sampling, Cache cache, Model model);

    /** The stream that tokens enter a model with, float32 {@code [rows, d]}. */
    @Takes("ids, positions, embeddings, scale")
    NDArray embed(Scope out, NDArray ids, NDArray positions, NDArray[] embeddings, double scale);

    /** Memory for blocks, of another tensor's type on its device. */
    @Takes("like, shape")
    NDArray storeRoom(Scope out, NDArray like, long... shape);

    /** Sets a block to zeros. */
    @Takes("keys, values, block")
    void clearBlock(Cache cache, int block);

    /** Copies columns of a prefill into blocks; parts are (block, first column, columns). */
    @Takes("keys, values, prefilled_keys, prefilled_values, parts")
    void storePrompt(Cache cache, NDArray keys, NDArray values, long[] parts);

    /** Columns of a prefill as float32: keys {@code [layers, kv, size, count]} and values {@code [layers, kv, count, size]}. */
    @Takes("prefilled_keys, prefilled_values, first, count")
    NDArray[] promptPart(Scope out, NDArray keys, NDArray values, long first, int count);

    /** Moves blocks; moves are (from, to). */
    @Takes("keys, values, moves")
    void moveBlocks(Cache cache, long[] moves);
}
