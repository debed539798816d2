package ai.preceptor.formats.weights;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A tensor to be written: type, shape, and its bytes, which are asked for only when it is written, so that writing a
 * model holds one tensor at a time.
 */
public final class TensorData {
    private static final int CHUNK = 1 << 16;
    private static final int CONVERTED = 1 << 22;

    private final DType dtype;
    private final long[] shape;
    private final Body body;

    private TensorData(DType dtype, long[] shape, Body body) {
        this.dtype = dtype;
        this.shape = shape.clone();
        this.body = body;
        size(dtype, shape);
    }

    /** Writes the elements, little-endian, and says how many bytes they were. */
    @FunctionalInterface
    private interface Body {
        long writeTo(OutputStream out) throws IOException;
    }

    /**
     * A tensor of float32 values, stored as they are or rounded.
     *
     * @param stored the format in the file
     * @param shape dimensions; their product is the number of values
     * @param values gives the values from position to limit; called once, when the tensor is written
     */
    public static TensorData floats(FloatFormat stored, long[] shape, Supplier<FloatBuffer> values) {
        return new TensorData(stored.dtype(), shape, out -> encode(values.get(), stored, out));
    }

    /** A float32 tensor of these values. */
    public static TensorData floats(float[] values, long... shape) {
        return floats(FloatFormat.F32, shape, () -> FloatBuffer.wrap(values));
    }

    /** An int64 tensor of these values. */
    public static TensorData longs(long[] values, long... shape) {
        return bytes(DType.I64, shape, () -> {
            ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asLongBuffer().put(values);
            return bytes;
        });
    }

    /**
     * A tensor of raw bytes.
     *
     * @param dtype what they are
     * @param shape dimensions; their product times the size of an element is the number of bytes
     * @param values gives the bytes, little-endian, from position to limit; called once, when the tensor is written
     */
    public static TensorData bytes(DType dtype, long[] shape, Supplier<ByteBuffer> values) {
        return new TensorData(dtype, shape, out -> copy(values.get(), out));
    }

    /**
     * A tensor of raw bytes in pieces, of which one at a time is in memory: the only way for 2 GiB and more.
     *
     * @param dtype what they are
     * @param shape dimensions; their product times the size of an element is the number of bytes
     * @param pieces give the bytes in their order, little-endian, each from position to limit
     */
    public static TensorData pieces(DType dtype, long[] shape, Iterable<ByteBuffer> pieces) {
        return new TensorData(dtype, shape, out -> {
            long bytes = 0;
            for (ByteBuffer piece : pieces) {
                bytes += copy(piece, out);
            }
            return bytes;
        });
    }

    /** A tensor of another file, byte for byte. The source may be closed only after the tensor was written. */
    public static TensorData of(TensorSource source, String name) {
        TensorInfo info = source.info(name);
        return new TensorData(info.dtype(), info.shape(), out -> {
            long part = 1 << 24;
            for (long done = 0; done < info.bytes(); done += part) {
                copy(source.map(name, done, (int) Math.min(part, info.bytes() - done)), out);
            }
            return info.bytes();
        });
    }

    /**
     * A tensor of another file in another format; one that holds no floats, or has the format, byte for byte. The source
     * may be closed only after the tensor was written.
     */
    public static TensorData of(TensorSource source, String name, FloatFormat stored) {
        TensorInfo info = source.info(name);
        FloatFormat format = FloatFormat.of(info.dtype()).orElse(stored);
        if (format == stored) {
            return of(source, name);
        }
        int size = info.dtype().size();
        return new TensorData(stored.dtype(), info.shape(), out -> {
            float[] values = new float[(int) Math.min(CONVERTED, info.elements())];
            for (long done = 0; done < info.elements(); done += values.length) {
                int count = (int) Math.min(values.length, info.elements() - done);
                format.decode(source.map(name, done * size, count * size), values, 0, count);
                encode(FloatBuffer.wrap(values, 0, count), stored, out);
            }
            return info.elements() * stored.dtype().size();
        });
    }

    private static long encode(FloatBuffer values, FloatFormat stored, OutputStream out) throws IOException {
        FloatBuffer rest = values.duplicate();
        int size = stored.dtype().size();
        long bytes = (long) rest.remaining() * size;
        byte[] chunk = new byte[Math.min(CHUNK, rest.remaining()) * size];
        ByteBuffer view = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
        while (rest.hasRemaining()) {
            int count = Math.min(CHUNK, rest.remaining());
            stored.encode(rest.slice(rest.position(), count), view);
            rest.position(rest.position() + count);
            out.write(chunk, 0, count * size);
        }
        return bytes;
    }

    private static long copy(ByteBuffer values, OutputStream out) throws IOException {
        ByteBuffer rest = values.duplicate();
        long bytes = rest.remaining();
        byte[] chunk = new byte[Math.min(rest.remaining(), 8 * CHUNK)];
        while (rest.hasRemaining()) {
            int count = Math.min(chunk.length, rest.remaining());
            rest.get(chunk, 0, count);
            out.write(chunk, 0, count);
        }
        return bytes;
    }

    /** Type of its elements in the file. */
    public DType dtype() {
        return dtype;
    }

    /** Its dimensions, outermost first. */
    public long[] shape() {
        return shape.clone();
    }

    /** Number of elements. */
    public long elements() {
        return bytes() / dtype.size();
    }

    /** Bytes in the file. */
    public long bytes() {
        return size(dtype, shape);
    }

    void writeTo(String name, OutputStream out) throws IOException {
        long written = body.writeTo(out);
        if (written != bytes()) {
            throw new IllegalArgumentException("tensor \"" + name + "\": " + dtype + Arrays.toString(shape) + " takes "
                    + bytes() + " bytes, received " + written);
        }
    }

    private static long size(DType dtype, long[] shape) {
        long bytes = dtype.size();
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException(
                        "shape: dimensions are 0 or more, received " + Arrays.toString(shape));
            }
            bytes = Math.multiplyExact(bytes, dimension);
        }
        return bytes;
    }
}
