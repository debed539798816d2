package ai.preceptor.lm.weights;

import ai.djl.ndarray.NDArray;
import ai.preceptor.formats.family.TensorNames.Layout;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.TensorKernels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One block of weights as it is computed with: a whole tensor of the checkpoint, or several stacked by rows so that one
 * matrix product serves them (queries, keys and values; gate and up).
 */
public final class Parameter {

    /**
     * A tensor of the checkpoint inside a block.
     *
     * @param name its name in the checkpoint
     * @param firstRow where it starts in the block
     * @param shape its shape in the checkpoint
     * @param layout how it lies there
     * @param heads of a tensor that lies head by head
     */
    public record Part(String name, long firstRow, long[] shape, Layout layout, int heads) {
        /** A tensor that lies in the checkpoint as in the block. */
        public Part(String name, long firstRow, long[] shape) {
            this(name, firstRow, shape, Layout.LINEAR, 1);
        }

        /** The same under another name. */
        public Part named(String other) {
            return new Part(other, firstRow, shape, layout, heads);
        }

        /** Rows of the block that the part takes. */
        public long rows() {
            return layout == Layout.TRANSPOSED ? shape[1] : shape[0];
        }

        /** Shape of the block that the part alone would make. */
        public long[] blockShape() {
            return layout == Layout.TRANSPOSED ? new long[] {shape[1], shape[0]} : shape;
        }
    }

    private final List<Part> parts;
    private final @Nullable NDArray master;
    private final NDArray compute;
    private final @Nullable NDArray gradient;
    private final boolean exactForward;
    private @Nullable NDArray reference;

    private Parameter(
            List<Part> parts,
            @Nullable NDArray master,
            NDArray compute,
            @Nullable NDArray gradient,
            boolean exactForward) {
        this.exactForward = exactForward;
        this.parts = parts;
        this.master = master;
        this.compute = compute;
        this.gradient = gradient;
    }

    /**
     * Makes room for a block; the numbers are not set yet.
     *
     * @param trainable whether it gets a float32 master and a gradient; a frozen block keeps only what it computes with
     * @param exactForward whether a forward pass reads the master
     */
    static Parameter allocate(
            Scope owner,
            TensorKernels kernels,
            List<Part> parts,
            Precision precision,
            boolean trainable,
            boolean exactForward) {
        long rows = parts.stream().mapToLong(Part::rows).sum();
        long[] first = parts.get(0).blockShape();
        boolean matrix = isMatrix(parts);
        long[] shape = matrix ? new long[] {rows, first[1]} : new long[] {rows};
        NDArray device = owner.zeros(0);
        int code = matrix ? precision.code() : Precision.FLOAT32.code();
        NDArray compute = kernels.empty(owner, device, shape, code);
        boolean copy = code != Precision.FLOAT32.code();
        NDArray master =
                copy ? (trainable ? kernels.empty(owner, device, shape, Precision.FLOAT32.code()) : null) : compute;
        NDArray gradient = trainable ? kernels.zeros(owner, device, shape, Precision.FLOAT32.code()) : null;
        device.close();
        return new Parameter(List.copyOf(parts), master, compute, gradient, exactForward);
    }

    /** The checkpoint's tensors in this block, by rows. */
    public List<Part> parts() {
        return parts;
    }

    /** Whether products read it in their own element type. */
    boolean isMatrix() {
        return isMatrix(parts);
    }

    private static boolean isMatrix(List<Part> parts) {
        return parts.get(0).blockShape().length == 2;
    }

    /**
     * What products of the backward pass and of generation read: float32, or bfloat16 for matrices when so computed; a
     * matrix of one row
     * counts as a vector.
     */
    public NDArray compute() {
        return compute;
    }

    /** The same for a pass: a reference pass reads the numbers that {@link #keepReference} kept. */
    public NDArray compute(PassMode use) {
        return use == PassMode.REFERENCE && reference != null ? reference : compute;
    }

    /** What a forward pass reads. */
    public NDArray forward(PassMode use) {
        return exactForward ? values() : compute(use);
    }

    /** Keeps what is computed with now for {@link PassMode#REFERENCE}. */
    void keepReference(Scope owner, TensorKernels kernels) {
        reference = kernels.rowsOf(owner, compute, 0, compute.getShape().get(0));
    }

    public boolean hasReference() {
        return reference != null;
    }

    /** The most exact numbers there are: the float32 master, or what is computed with when frozen. */
    public NDArray values() {
        return master == null ? compute : master;
    }

    /** Whether it has a gradient. */
    public boolean isTrainable() {
        return gradient != null;
    }

    /** The float32 master. @throws IllegalStateException for a frozen block */
    public NDArray master() {
        if (master == null) {
            throw new IllegalStateException(parts.get(0).name() + " is frozen and has no float32 master");
        }
        return master;
    }

    /** The float32 gradient. @throws IllegalStateException for a frozen block */
    public NDArray gradient() {
        if (gradient == null) {
            throw new IllegalStateException(parts.get(0).name() + " is frozen and has no gradient");
        }
        return gradient;
    }

    /** The gradient, or what stands for none in kernels. */
    public NDArray gradientOr(NDArray none) {
        return gradient == null ? none : gradient;
    }

    /** Whether a low-precision copy must follow the master. */
    public boolean hasCopy() {
        return master != null && master != compute;
    }

    /** Whether weight decay applies: to matrices only, as in transformers' trainer. */
    public boolean decays() {
        return parts.get(0).shape().length > 1;
    }
}
