package ai.preceptor.formats.weights;

import ai.preceptor.data.DataException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;

/** Named tensors that lie in one file or in several. Views it gives stay valid after it is closed. */
public interface TensorSource extends AutoCloseable {
    /** The file, or the directory of several, for messages. */
    Path path();

    /** Names of all tensors, sorted. */
    Set<String> names();

    /**
     * What the header says of a tensor.
     *
     * @throws DataException naming the source and the tensor when there is none of that name
     */
    TensorInfo info(String name);

    /**
     * Part of a tensor's bytes, mapped from the file: read-only, little-endian, no copy.
     *
     * @param name the tensor
     * @param from first byte, counted from the tensor's own start, in [0, bytes]
     * @param length how many bytes, in [0, bytes - from]
     * @throws DataException when there is no such tensor or the file cannot be mapped
     * @throws IndexOutOfBoundsException when the range lies outside the tensor
     */
    ByteBuffer map(String name, long from, int length);

    /**
     * Copies part of a tensor's bytes into a buffer. Unlike a mapping, nothing of the file stays in this process's
     * memory.
     *
     * @param name the tensor
     * @param from first byte, counted from the tensor's own start
     * @param into filled from its position to its limit
     * @throws DataException when there is no such tensor or the file cannot be read
     * @throws IndexOutOfBoundsException when the range lies outside the tensor
     */
    void read(String name, long from, ByteBuffer into);

    /**
     * A whole tensor's bytes, mapped from the file: read-only, little-endian, no copy.
     *
     * <p>The file must not be shortened while a view is in use: the JVM answers such a read with an error of its own.
     *
     * @throws DataException as {@link #map(String, long, int)}, and for tensors of 2 GiB and more, which must be
     *     read in parts
     */
    default ByteBuffer map(String name) {
        long bytes = info(name).bytes();
        if (bytes > Integer.MAX_VALUE) {
            throw new DataException(path() + ": tensor \"" + name + "\" has " + bytes
                    + " bytes; one buffer holds at most " + Integer.MAX_VALUE + ", map it in parts");
        }
        return map(name, 0, (int) bytes);
    }

    /**
     * A tensor's values as float32.
     *
     * @param name a tensor of type F32, F16 or BF16 with fewer than 2^31 elements
     * @throws DataException when there is no such tensor, or it is of another type or too large for an array
     */
    default float[] floats(String name) {
        TensorInfo info = info(name);
        FloatFormat format = FloatFormat.of(info.dtype())
                .orElseThrow(() -> new DataException(path() + ": tensor \"" + name
                        + "\": expected element type F32, F16 or BF16, found " + info.dtype()));
        if (info.elements() > Integer.MAX_VALUE - 8) {
            throw new DataException(path() + ": tensor \"" + name + "\" has " + info.elements()
                    + " elements; an array holds at most " + (Integer.MAX_VALUE - 8));
        }
        float[] values = new float[(int) info.elements()];
        int step = 1 << 20;
        for (int done = 0; done < values.length; done += step) {
            int count = Math.min(step, values.length - done);
            int size = info.dtype().size();
            format.decode(map(name, (long) done * size, count * size), values, done, count);
        }
        return values;
    }

    @Override
    void close();
}
