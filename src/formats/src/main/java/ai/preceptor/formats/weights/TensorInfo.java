package ai.preceptor.formats.weights;

import java.util.List;

/**
 * A tensor's entry in a file's header.
 *
 * @param name its name, such as {@code model.layers.0.mlp.up_proj.weight}
 * @param dtype type of its elements
 * @param dimensions its dimensions, outermost first; empty for a scalar
 * @param offset where its first byte lies, counted from the start of the file
 * @param bytes its length in bytes: the product of the dimensions times the size of an element
 */
public record TensorInfo(String name, DType dtype, List<Long> dimensions, long offset, long bytes) {
    /** Copies the dimensions. */
    public TensorInfo {
        dimensions = List.copyOf(dimensions);
    }

    /** Its dimensions as an array of the caller's own. */
    public long[] shape() {
        return dimensions.stream().mapToLong(Long::longValue).toArray();
    }

    /** Number of elements. */
    public long elements() {
        return bytes / dtype.size();
    }
}
