package ai.preceptor.lm.weights;

import java.util.Arrays;
import java.util.Objects;

/**
 * What a file's header says of one tensor.
 *
 * @param name its name, such as {@code model.layers.0.mlp.up_proj.weight}
 * @param dtype type of its elements
 * @param shape its dimensions, outermost first; empty for a scalar
 * @param offset where its first byte lies, counted from the start of the file
 * @param bytes its length in bytes: the product of the shape times the size of an element
 */
public record TensorInfo(String name, DType dtype, long[] shape, long offset, long bytes) {
    public TensorInfo {
        shape = shape.clone();
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** Number of elements. */
    public long elements() {
        return bytes / dtype.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorInfo that
                && name.equals(that.name)
                && dtype == that.dtype
                && Arrays.equals(shape, that.shape)
                && offset == that.offset
                && bytes == that.bytes;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, dtype, Arrays.hashCode(shape), offset, bytes);
    }

    @Override
    public String toString() {
        return name + " " + dtype + Arrays.toString(shape) + " at " + offset + ", " + bytes + " bytes";
    }
}
