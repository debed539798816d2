package ai.preceptor.formats.weights;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.io.BinaryFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One safetensors file, open for reading: its header is parsed and checked, its tensors are mapped when asked for.
 *
 * <p>Format: 8 bytes little-endian length of the header, the header (JSON, at most 100 MB), then the tensors' bytes.
 */
public final class SafetensorsFile implements TensorSource {
    private final BinaryFile file;
    private final SafetensorsHeader header;

    private SafetensorsFile(BinaryFile file) {
        this.file = file;
        this.header = readHeader(file);
    }

    /**
     * Opens a file and checks it whole, but for the tensors' values.
     *
     * @param path the file
     * @return the open file; close it
     * @throws DataException naming the file (and the tensor) when it is missing, truncated or breaks the format
     */
    public static SafetensorsFile open(Path path) {
        return BinaryFile.open(path, "a safetensors file", SafetensorsFile::new);
    }

    private static SafetensorsHeader readHeader(BinaryFile file) {
        Path path = file.path();
        long size = file.size();
        if (size < 8) {
            throw DataException.in(
                    path, "has " + size + " bytes, a safetensors file at least 10: it is truncated or empty");
        }
        long length = read(file, 0, 8).getLong(0);
        if (length < 2 || length > SafetensorsHeader.MAX_LENGTH) {
            throw DataException.in(
                    path,
                    "not a safetensors file: the length of its header reads " + Long.toUnsignedString(length)
                            + ", legal is 2 to " + SafetensorsHeader.MAX_LENGTH);
        }
        if (length > size - 8) {
            throw DataException.in(
                    path, "its header has " + length + " bytes, but the file only " + size + ": it is truncated");
        }
        byte[] json = read(file, 8, (int) length).array();
        return SafetensorsHeader.parse(path, json, size - 8 - length);
    }

    private static ByteBuffer read(BinaryFile file, long at, int length) {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        file.read("the header", at, buffer);
        return buffer;
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public Set<String> names() {
        return header.tensors().keySet();
    }

    /** The free-form strings of {@code __metadata__}; empty when there are none. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    @Override
    public TensorInfo info(String name) {
        TensorInfo info = header.tensors().get(name);
        if (info == null) {
            throw DataException.in(path(), "no tensor \"" + name + "\" among its " + names().size());
        }
        return info;
    }

    @Override
    public ByteBuffer map(String name, long from, int length) {
        TensorInfo info = info(name);
        Objects.checkFromIndexSize(from, length, info.bytes());
        return file.map("tensor \"" + name + "\"", info.offset() + from, length);
    }

    @Override
    public void read(String name, long from, ByteBuffer into) {
        TensorInfo info = info(name);
        Objects.checkFromIndexSize(from, into.remaining(), info.bytes());
        file.read("tensor \"" + name + "\"", info.offset() + from, into);
    }

    @Override
    public void close() {
        file.close();
    }
}
