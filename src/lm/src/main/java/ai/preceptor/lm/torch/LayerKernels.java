package ai.preceptor.lm.torch;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** The layer's kernels of training, forward and backward pass; layer.kernels says what each tensor is. */
public final class LayerKernels {
    private static final String FORWARD = "layer_forward";
    private static final String BACKWARD = "layer_backward";

    private final Kernels kernels;

    /** @throws IllegalStateException if a kernel takes other arguments than these, or in another order */
    LayerKernels(Kernels kernels) {
        this.kernels = kernels;
        kernels.require(
                FORWARD,
                List.of(
                        "x",
                        "w",
                        "b",
                        "l",
                        "at",
                        "s",
                        "norms",
                        "tables",
                        "segments",
                        "masks",
                        "plan",
                        "numbers",
                        "rows",
                        "keep",
                        "keep_probabilities",
                        "kept_type"));
        kernels.require(
                BACKWARD,
                List.of(
                        "dy",
                        "kept",
                        "w",
                        "l",
                        "at",
                        "s",
                        "norms",
                        "dw",
                        "dl",
                        "db",
                        "dn",
                        "first",
                        "tables",
                        "segments",
                        "masks",
                        "plan",
                        "numbers",
                        "rows"));
    }

    /**
     * A layer's weights, in the element type of the products.
     *
     * @param projections four: attention's inputs, its output, the MLP's inputs, its output
     * @param biases of the projections; the backward pass reads none
     * @param norms weights and shifts of the norms, empty tensors where there is none
     * @param adapter its terms
     */
    public record Weights(NDArray[] projections, NDArray[] biases, NDArray[] norms, Adapter adapter) {}

    /**
     * An adapter's part in a layer.
     *
     * @param terms A, B and dropout mask of each
     * @param places projection, first row and rows of each
     * @param scales of each
     */
    public record Adapter(NDArray[] terms, long[] places, double[] scales) {}

    /**
     * What a layer computes with, and how.
     *
     * @param tables cosines and sines of the rotary angles; none where nothing turns
     * @param segments of the batch
     * @param masks of attention
     * @param plan whole numbers of the layer's plan
     * @param numbers its fractions
     * @param rows those of the result that are wanted, empty for all
     */
    public record Setting(
            NDArray[] tables, long[] segments, NDArray[] masks, long[] plan, double[] numbers, NDArray rows) {}

    /**
     * What a forward pass keeps for the backward pass.
     *
     * @param all whether anything is kept
     * @param probabilities whether attention's probabilities are among it
     * @param elementType of the kept products, PyTorch's number
     */
    public record Kept(boolean all, boolean probabilities, int elementType) {}

    /** Where gradients are added, or written: of projections, adapter, biases and norms. */
    public record Gradients(NDArray[] projections, NDArray[] adapter, NDArray[] biases, NDArray[] norms) {}

    /**
     * The forward pass.
     *
     * @param x float32 {@code [n, d]}: the residual stream
     * @return the new stream, then what was kept
     */
    public NDArray[] forward(Scope out, NDArray x, Weights weights, Setting setting, Kept kept) {
        return kernels.callMany(
                out,
                FORWARD,
                x,
                weights.projections,
                weights.biases,
                weights.adapter.terms,
                weights.adapter.places,
                weights.adapter.scales,
                weights.norms,
                setting.tables,
                setting.segments,
                setting.masks,
                setting.plan,
                setting.numbers,
                setting.rows,
                kept.all,
                kept.probabilities,
                kept.elementType);
    }

    /**
     * The backward pass.
     *
     * @param dy float32 {@code [rows, d]}: gradient of the new stream; overwritten
     * @param kept by the forward pass; overwritten
     * @param first whether gradients are overwritten instead of added to
     * @return gradient of the old stream
     */
    public NDArray backward(
            Scope out,
            NDArray dy,
            NDArray[] kept,
            Weights weights,
            Setting setting,
            Gradients gradients,
            boolean first) {
        return kernels.call(
                out,
                BACKWARD,
                dy,
                kept,
                weights.projections,
                weights.adapter.terms,
                weights.adapter.places,
                weights.adapter.scales,
                weights.norms,
                gradients.projections,
                gradients.adapter,
                gradients.biases,
                gradients.norms,
                first,
                setting.tables,
                setting.segments,
                setting.masks,
                setting.plan,
                setting.numbers,
                setting.rows);
    }
}
