package ai.preceptor.lm.torch;

import ai.djl.ndarray.NDArray;

/** The kernels that make, copy, view and convert tensors; memory.kernels has them. Element types are PyTorch's numbers. */
public interface TensorKernels {
    /** Memory on the device of {@code like}; its numbers are not set. */
    @Takes("like, shape, type")
    NDArray empty(Scope out, NDArray like, long[] shape, int type);

    /** Zeros on the device of {@code like}. */
    @Takes("like, shape, type")
    NDArray zeros(Scope out, NDArray like, long[] shape, int type);

    /** Memory shaped and typed as {@code x}; its numbers are not set. */
    @Takes("x")
    NDArray emptyLike(Scope out, NDArray x);

    /** {@code x} itself where it has the type already. */
    @Takes("x, type")
    NDArray toType(Scope out, NDArray x, int type);

    /** The bytes of {@code x} in an element type, for a file; float32 numbers as such. */
    @Takes("x, type")
    NDArray asBytes(Scope out, NDArray x, int type);

    /** Writes bytes, read as numbers of a type, into {@code target} from its number {@code first} on, converting them. */
    @Takes("target, bytes, type, first")
    void loadRange(NDArray target, NDArray bytes, int type, long first);

    /** Rows of a block as they lie in a checkpoint, in the block's memory: transposed, or else head by head. */
    @Takes("x, first, rows, transposed, heads")
    NDArray fileView(Scope out, NDArray x, long first, long rows, boolean transposed, int heads);

    /** A copy of some rows. */
    @Takes("x, first, rows")
    NDArray rowsOf(Scope out, NDArray x, long first, long rows);

    /** Some rows, in the same memory. */
    @Takes("x, first, rows")
    NDArray rowView(Scope out, NDArray x, long first, long rows);

    /** Writes float32 numbers into some rows. */
    @Takes("target, numbers, first, rows")
    void setRows(NDArray target, NDArray numbers, long first, long rows);

    /** Writes one tensor into another of its shape, converting it. */
    @Takes("target, source")
    void copyInto(NDArray target, NDArray source);

    /** Sets every number. */
    @Takes("x, value")
    void fill(NDArray x, double value);

    /** How many numbers in some rows are NaN or infinite, int64. */
    @Takes("x, first, rows")
    NDArray notFinite(Scope out, NDArray x, long first, long rows);

    /** Adds {@code scale * b a} to some rows, rounding once: a {@code [r, in]}, b {@code [rows, r]}. */
    @Takes("target, first, rows, a, b, scale")
    void addLowRank(NDArray target, long first, long rows, NDArray a, NDArray b, double scale);

    /** Rows of several tensors as if they lay one above the other, in a given order. */
    @Takes("parts, order")
    NDArray joinedRows(Scope out, NDArray[] parts, NDArray order);

    /** The same rows of several tensors. */
    @Takes("parts, rows")
    NDArray[] pickedRows(Scope out, NDArray[] parts, NDArray rows);

    /** Memory shaped as several tensors; its numbers are not set. */
    @Takes("parts")
    NDArray[] roomsLike(Scope out, NDArray[] parts);

    /** Adds each part to its target; empty tensors, which stand for none, are left alone. */
    @Takes("targets, parts")
    void addAll(NDArray[] targets, NDArray[] parts);
}
