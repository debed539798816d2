package ai.preceptor.formats.gguf;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.weights.DType;
import ai.preceptor.formats.weights.TensorInfo;
import ai.preceptor.formats.weights.TensorSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * A GGUF file's tensors as a checkpoint's: under its names, in its order of rows, quantized ones as F32. What is mapped
 * from a tensor that is quantized or reordered is a decoded copy of the part asked for.
 */
public final class GgufCheckpoint implements TensorSource {
    private final GgufFile file;
    private final Map<String, Entry> entries = new TreeMap<>();

    /** A tensor: its name here, the location of its data, and the order of its rows. */
    private record Entry(TensorInfo info, GgufTensor tensor, RowOrder order) {}

    private GgufCheckpoint(GgufFile file) {
        this.file = file;
        GgufArchitecture architecture = GgufArchitecture.of(file);
        for (GgufTensor tensor : file.tensors().values()) {
            GgufNames.inCheckpoint(tensor.name()).ifPresent(name -> {
                DType type = type(tensor.type());
                TensorInfo info = new TensorInfo(
                        name, type, tensor.dimensions(), tensor.offset(), tensor.elements() * type.size());
                entries.put(name, new Entry(info, tensor, RowOrder.of(file, architecture, tensor)));
            });
        }
    }

    /**
     * Opens a file.
     *
     * @throws DataException naming file and position when it is missing, truncated, or nothing that is read
     */
    public static GgufCheckpoint open(Path path) {
        GgufFile file = GgufFile.open(path);
        try {
            return new GgufCheckpoint(file);
        } catch (RuntimeException refused) {
            file.close();
            throw refused;
        }
    }

    private static DType type(GgufType type) {
        return switch (type) {
            case F16 -> DType.F16;
            case BF16 -> DType.BF16;
            default -> DType.F32;
        };
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    @Override
    public TensorInfo info(String name) {
        return entry(name).info();
    }

    @Override
    public ByteBuffer map(String name, long from, int length) {
        Entry entry = entry(name);
        if (entry.tensor().type().plain() && entry.order().asStored()) {
            return file.map(entry.tensor(), from, length);
        }
        ByteBuffer copy = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        read(name, from, copy);
        return copy.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void read(String name, long from, ByteBuffer into) {
        Entry entry = entry(name);
        Objects.checkFromIndexSize(from, into.remaining(), entry.info().bytes());
        if (entry.tensor().type().plain() && entry.order().asStored()) {
            file.read(entry.tensor(), from, into);
        } else {
            new RowReader(
                            file,
                            entry.tensor(),
                            entry.order(),
                            entry.info().dtype().size())
                    .read(from, into);
        }
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw DataException.in(file.path(), "no tensor \"" + name + "\" among its " + entries.size());
        }
        return entry;
    }

    @Override
    public void close() {
        file.close();
    }
}
