package ai.preceptor.lm.torch;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;

/** The kernels of training's passes through a decoder; layer.kernels and attention.kernels say what each tensor is. */
public interface DecoderKernels {
    /**
     * A layer's weights, in the element type of the products.
     *
     * @param projections four: attention's inputs, its output, the MLP's inputs, its output
     * @param biases of the projections, empty tensors where there is none
     * @param norms weights and shifts of the norms, empty tensors where there is none
     */
    record Weights(NDArray[] projections, NDArray[] biases, NDArray[] norms) {}

    /**
     * An adapter's part in a layer.
     *
     * @param terms A, B and dropout mask of each
     * @param places projection, first row and rows of each
     * @param scales of each
     */
    record Adapter(NDArray[] terms, long[] places, double[] scales) {}

    /**
     * What a layer computes with, and how.
     *
     * @param tables cosines and sines of the rotary angles; none where nothing turns
     * @param segments of the batch
     * @param mask of attention, as {@link #attentionMask} gives it
     * @param plan of the layer
     * @param rows those of the result that are wanted, empty for all
     */
    record Setting(Adapter adapter, NDArray[] tables, long[] segments, NDArray mask, KernelPlan plan, NDArray rows) {}

    /**
     * What a forward pass keeps for the backward pass.
     *
     * @param all whether anything is kept
     * @param probabilities whether attention's probabilities are among it
     * @param elementType of the kept products, PyTorch's number
     */
    record Kept(boolean all, boolean probabilities, int elementType) {}

    /** Where gradients are added, or written: of projections, adapter, biases and norms. */
    record Gradients(NDArray[] projections, NDArray[] adapter, NDArray[] biases, NDArray[] norms) {
        /** Others in the place of these. */
        public Gradients each(UnaryOperator<NDArray[]> other) {
            return new Gradients(
                    other.apply(projections), other.apply(adapter), other.apply(biases), other.apply(norms));
        }

        /** All of them, in order. */
        public NDArray[][] all() {
            return new NDArray[][] {projections, adapter, biases, norms};
        }
    }

    /**
     * A layer.
     *
     * @param x float32 {@code [n, d]}: the residual stream
     * @return the new stream, then what was kept
     */
    @Takes("x, w, b, norms, l, at, s, tables, segments, mask, plan, numbers, rows, keep, keep_probabilities, kept_type")
    NDArray[] layerForward(Scope out, NDArray x, Weights weights, Setting setting, Kept kept);

    /**
     * The backward pass of a layer.
     *
     * @param dy float32 {@code [rows, d]}: gradient of the new stream; overwritten
     * @param kept by the forward pass; overwritten
     * @param dMean gradient of {@link #meanAttention}; none for none
     * @param first whether gradients are overwritten instead of added to
     * @return gradient of the old stream
     */
    @Takes("dy, kept, dmean, w, b, norms, l, at, s, tables, segments, mask, plan, numbers, rows, dw, dl, db, dn, first")
    NDArray layerBackward(
            Scope out,
            NDArray dy,
            NDArray[] kept,
            NDArray[] dMean,
            Weights weights,
            Setting setting,
            Gradients gradients,
            boolean first);

    /**
     * The mean over heads of attention's probabilities, {@code [queries, keys]} a block of queries.
     *
     * @param probabilities of each block, as a layer's forward pass keeps them
     * @param group query heads of a key head
     */
    @Takes("probabilities, group")
    NDArray[] meanAttention(Scope out, NDArray[] probabilities, int group);

    /** {@code x w^T + b}, {@code [n, out]}; b is empty for none. */
    @Takes("x, w, b")
    NDArray linear(Scope out, NDArray x, NDArray w, NDArray b);

    /** A mask for segments of up to {@code block} queries each; {@code window} 0 for none. */
    @Takes("like, block, group, window")
    NDArray attentionMask(Scope out, NDArray like, int block, int group, int window);

    /** Dropout masks {@code [rows, width]} of an adapter's terms. */
    @Takes("like, n, widths, p")
    NDArray[] dropoutMasks(Scope out, NDArray like, long rows, long[] widths, double share);

    /** The stream before the first layer, float32 {@code [n, d]}. */
    @Takes("ids, positions, embeddings, scale")
    NDArray embed(Scope out, NDArray ids, NDArray positions, NDArray[] embeddings, double scale);

    /**
     * The backward pass of {@link #embed}.
     *
     * @param dx overwritten
     * @param frozen a token whose embedding has no gradient, -1 for none
     * @param first whether gradients of positions are overwritten instead of added to
     * @param firstTokens the same of tokens
     */
    @Takes("dx, ids, positions, dw, scale, pad, first, first_tokens")
    void embedBackward(
            NDArray dx,
            NDArray ids,
            NDArray positions,
            NDArray[] gradients,
            double scale,
            int frozen,
            boolean first,
            boolean firstTokens);

    /** Rows of the stream after the last layer, their norm's statistics, and them normed in an element type. */
    @Takes("x, rows, norm, kind, eps, type")
    NDArray[] outputForward(Scope out, NDArray x, NDArray rows, NDArray[] norm, long kind, double epsilon, int type);

    /**
     * The backward pass of {@link #outputForward}.
     *
     * @param dHidden gradient of the normed rows
     * @param gradients of the norm's weight and shift
     * @param n rows of the stream
     */
    @Takes("dh, picked, stats, norm, dn, first, rows, n, kind")
    NDArray outputBackward(
            Scope out,
            NDArray dHidden,
            NDArray picked,
            NDArray statistics,
            NDArray[] norm,
            NDArray[] gradients,
            boolean first,
            NDArray rows,
            long n,
            long kind);

    /** Rows of a layer's output. */
    @Takes("x, rows")
    NDArray tapRows(Scope out, NDArray x, NDArray rows);

    /** Adds the gradient of {@link #tapRows} to that of the layer's output. */
    @Takes("dx, d, rows")
    void tapBackward(NDArray dx, NDArray gradient, NDArray rows);
}
