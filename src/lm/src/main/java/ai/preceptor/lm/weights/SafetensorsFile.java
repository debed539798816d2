package ai.preceptor.lm.weights;

import ai.preceptor.data.DataException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One safetensors file, open for reading: its header is parsed and checked, its tensors are mapped when asked for.
 *
 * <p>Format: 8 bytes little-endian length of the header, the header (JSON, at most 100 MB), then the tensors' bytes.
 */
public final class SafetensorsFile implements TensorSource {
    private final Path path;
    private final FileChannel channel;
    private final SafetensorsHeader header;

    private SafetensorsFile(Path path, FileChannel channel, SafetensorsHeader header) {
        this.path = path;
        this.channel = channel;
        this.header = header;
    }

    /**
     * Opens a file and checks it whole, but for the tensors' values.
     *
     * @param path the file
     * @return the open file; close it
     * @throws DataException naming the file (and the tensor) when it is missing, torn or breaks the format
     */
    public static SafetensorsFile open(Path path) {
        if (Files.isDirectory(path)) {
            throw DataException.in(path, "expected a safetensors file, found a directory");
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            SafetensorsFile file = new SafetensorsFile(path, channel, readHeader(path, channel));
            channel = null; // its owner is now the file
            return file;
        } catch (NoSuchFileException missing) {
            throw new DataException(path + ": no such file", missing);
        } catch (IOException failure) {
            throw new DataException(path + ": cannot be read: " + failure.getMessage(), failure);
        } finally {
            if (channel != null) {
                release(path, channel);
            }
        }
    }

    private static SafetensorsHeader readHeader(Path path, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < 8) {
            throw DataException.in(path, "has " + size + " bytes, a safetensors file at least 10: it is torn or empty");
        }
        long length = read(channel, 0, 8).getLong(0);
        if (length < 2 || length > SafetensorsHeader.MAX_LENGTH) {
            throw DataException.in(
                    path,
                    "not a safetensors file: the length of its header reads " + Long.toUnsignedString(length)
                            + ", legal is 2 to " + SafetensorsHeader.MAX_LENGTH);
        }
        if (length > size - 8) {
            throw DataException.in(
                    path, "its header has " + length + " bytes, but the file only " + size + ": it is torn");
        }
        byte[] json = read(channel, 8, (int) length).array();
        return SafetensorsHeader.parse(path, json, size - 8 - length);
    }

    private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        fill(channel, at, buffer);
        return buffer;
    }

    private static void fill(FileChannel channel, long at, ByteBuffer into) throws IOException {
        int start = into.position();
        while (into.hasRemaining()) {
            if (channel.read(into, at + into.position() - start) < 0) {
                throw new EOFException("the file ended while it was read");
            }
        }
    }

    @Override
    public Path path() {
        return path;
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
            throw DataException.in(path, "no tensor \"" + name + "\" among its " + names().size());
        }
        return info;
    }

    @Override
    public ByteBuffer map(String name, long from, int length) {
        TensorInfo info = info(name);
        Objects.checkFromIndexSize(from, length, info.bytes());
        try {
            return channel.map(FileChannel.MapMode.READ_ONLY, info.offset() + from, length)
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException failure) {
            throw new DataException(
                    path + ": tensor \"" + name + "\": cannot be mapped: " + failure.getMessage(), failure);
        }
    }

    @Override
    public void read(String name, long from, ByteBuffer into) {
        TensorInfo info = info(name);
        Objects.checkFromIndexSize(from, into.remaining(), info.bytes());
        try {
            fill(channel, info.offset() + from, into);
        } catch (IOException failure) {
            throw new DataException(
                    path + ": tensor \"" + name + "\": cannot be read: " + failure.getMessage(), failure);
        }
    }

    @Override
    public void close() {
        release(path, channel);
    }

    private static void release(Path path, FileChannel channel) {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new DataException(path + ": cannot be closed: " + failure.getMessage(), failure);
        }
    }
}
