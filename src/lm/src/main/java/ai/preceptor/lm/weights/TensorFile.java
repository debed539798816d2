package ai.preceptor.lm.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.preceptor.data.DataException;
import ai.preceptor.formats.family.TensorNames.Layout;
import ai.preceptor.formats.weights.DType;
import ai.preceptor.formats.weights.SafetensorsFile;
import ai.preceptor.formats.weights.SafetensorsWriter;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.formats.weights.TensorInfo;
import ai.preceptor.formats.weights.TensorSource;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.TensorKernels;
import ai.preceptor.lm.torch.Torch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Moves numbers between tensors on a device and safetensors files. */
public final class TensorFile {
    private static final int FLOAT32 = Precision.FLOAT32.code();

    /** Bytes on their way from or to a file: few, so that loading or saving a model takes no more memory than the model. */
    private static final int CHUNK = 1 << 22;

    private final ByteBuffer staging = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    private final Torch torch;
    private final int chunk;

    /** For tensors of this device. */
    public TensorFile(Torch torch) {
        this(torch, CHUNK);
    }

    /** @param chunk bytes that are on the host at a time, but at least a row */
    TensorFile(Torch torch, int chunk) {
        this.torch = torch;
        this.chunk = chunk;
    }

    /** Writes live tensors as float32, each copied to the host only when its turn comes. */
    public void write(Path file, Map<String, NDArray> tensors) {
        Map<String, TensorData> data = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            long[] shape = tensor.getShape().getShape();
            data.put(name, TensorData.pieces(DType.F32, shape, pieces(tensor, 0, shape[0], DType.F32)));
        });
        SafetensorsWriter.write(file, data, SafetensorsWriter.PYTORCH);
    }

    /**
     * Overwrites live tensors with those of a file.
     *
     * @throws DataException when one is missing or of another shape
     */
    public void readInto(Path file, Map<String, NDArray> tensors) {
        try (SafetensorsFile source = SafetensorsFile.open(file)) {
            tensors.forEach((name, tensor) -> {
                long[] found = source.info(name).shape();
                long[] expected = tensor.getShape().getShape();
                if (!Arrays.equals(found, expected)) {
                    throw DataException.in(
                            file,
                            "tensor \"" + name + "\": expected shape " + Arrays.toString(expected) + ", found "
                                    + Arrays.toString(found));
                }
                readRows(source, name, tensor, 0);
            });
        }
    }

    /** Writes a source's tensor into its place in a block, converting its element type. */
    public void read(TensorSource source, Parameter.Part part, NDArray block) {
        if (part.layout() == Layout.LINEAR) {
            readRows(source, part.name(), block, part.firstRow());
            return;
        }
        try (Scope scope = torch.scope()) {
            NDArray view = fileView(scope, part, block);
            NDArray whole = kernels().emptyLike(scope, view);
            readRows(source, part.name(), whole, 0);
            kernels().copyInto(view, whole);
        }
    }

    /** A part of a block as it lies in the checkpoint. */
    private NDArray fileView(Scope scope, Parameter.Part part, NDArray block) {
        return kernels()
                .fileView(scope, block, part.firstRow(), part.rows(), part.layout() == Layout.TRANSPOSED, part.heads());
    }

    /** Bytes of a part of a block as it lies in the checkpoint, asked for late. */
    public Iterable<ByteBuffer> pieces(Parameter.Part part, NDArray block, DType type) {
        if (part.layout() == Layout.LINEAR) {
            return pieces(block, part.firstRow(), part.rows(), type);
        }
        return () -> Stream.of(part).map(whole -> bytes(whole, block, type)).iterator();
    }

    private ByteBuffer bytes(Parameter.Part part, NDArray block, DType type) {
        try (Scope scope = torch.scope()) {
            return kernels()
                    .asBytes(scope, fileView(scope, part, block), code(type))
                    .toByteBuffer(false);
        }
    }

    /** Writes a source's tensor into rows of a live one, converting its element type. */
    public void readRows(TensorSource source, String name, NDArray target, long firstRow) {
        TensorInfo info = source.info(name);
        long width = target.getShape().slice(1).size();
        if (readInPlace(source, info, name, target, firstRow * width)) {
            return;
        }
        int element = info.dtype().size();
        for (long from = 0; from < info.bytes(); from += CHUNK) {
            staging.clear().limit((int) Math.min(CHUNK, info.bytes() - from));
            source.read(name, from, staging);
            staging.flip();
            try (Scope scope = torch.scope()) {
                NDArray raw = scope.wrap(staging, DataType.UINT8, staging.remaining());
                long at = firstRow * width + from / element;
                kernels().loadRange(target, raw, code(info.dtype()), at);
            }
        }
    }

    /**
     * Reads float32 numbers straight into the memory of a float32 tensor where that is the processor's: no copy between,
     * and no kernel, whose threads would meet those that decode a quantized file.
     *
     * @param first number of the tensor to begin with
     * @return false, having done nothing, where that cannot be
     */
    private static boolean readInPlace(TensorSource source, TensorInfo info, String name, NDArray target, long first) {
        if (info.dtype() != DType.F32
                || target.getDataType() != DataType.FLOAT32
                || target.getDevice().isGpu()
                || 4 * target.size() > Integer.MAX_VALUE) {
            return false;
        }
        Objects.checkFromIndexSize(first, info.elements(), target.size());
        ByteBuffer memory = target.toByteBuffer(true);
        if (!memory.isDirect()) {
            return false;
        }
        source.read(name, 0, memory.slice(Math.toIntExact(4 * first), (int) info.bytes()));
        return true;
    }

    /**
     * Bytes of rows of a live tensor, converted; asked for late, so that one piece at a time is on the host. DJL copies no
     * more than 2 GiB at once.
     */
    Iterable<ByteBuffer> pieces(NDArray tensor, long firstRow, long rows, DType type) {
        long width = tensor.getShape().slice(1).size();
        long most = Math.max(1, chunk / Math.max(1, width * type.size()));
        return () -> LongStream.iterate(0, done -> done < rows, done -> done + most)
                .mapToObj(done -> bytes(tensor, firstRow + done, Math.min(most, rows - done), type))
                .iterator();
    }

    private ByteBuffer bytes(NDArray tensor, long firstRow, long rows, DType type) {
        try (Scope scope = torch.scope()) {
            NDArray part = kernels().rowsOf(scope, tensor, firstRow, rows);
            return kernels().asBytes(scope, part, code(type)).toByteBuffer(false);
        }
    }

    private TensorKernels kernels() {
        return torch.kernels().tensors();
    }

    private static int code(DType type) {
        return switch (type) {
            case F32 -> FLOAT32;
            case BF16 -> Precision.BFLOAT16.code();
            case F16 -> 5;
            default -> throw new IllegalArgumentException("weights of element type " + type);
        };
    }
}
