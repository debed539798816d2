package ai.preceptor.lm.gguf;

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
import java.util.Collections;
import java.util.Map;
import java.util.Objects;

/**
 * One GGUF file, open for reading: its header is checked whole, its metadata decoded and its tensors read when asked for.
 *
 * <p>Format (versions 2 and 3, little-endian): {@code GGUF}, version, number of tensors, number of metadata pairs, the
 * pairs, what each tensor is, and from the next multiple of {@code general.alignment} on the tensors' bytes.
 */
public final class GgufFile implements AutoCloseable {
    /** How names of such files end. */
    public static final String SUFFIX = ".gguf";

    private static final int MAGIC = 0x46554747; // "GGUF"

    private final Path path;
    private final FileChannel channel;
    private final GgufMetadata metadata;
    private final Map<String, GgufTensor> tensors;

    private GgufFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        long size = channel.size();
        // A header lies within the first 2 GiB: mapped, so that no more of it is in memory than is looked at.
        ByteBuffer head = channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(size, Integer.MAX_VALUE));
        GgufCursor cursor = new GgufCursor(path, head.order(ByteOrder.LITTLE_ENDIAN));
        checkVersion(cursor);
        int tensorCount = cursor.count("the number of tensors", GgufTensorTable.LEAST_BYTES);
        int pairs = cursor.count("the number of metadata pairs", 13);
        this.metadata = GgufMetadata.read(cursor, pairs);
        this.tensors = Collections.unmodifiableMap(new GgufTensorTable(cursor, metadata, tensorCount).read(size));
    }

    /**
     * Opens a file and checks it whole, but for the tensors' values.
     *
     * @param path the file
     * @return the open file; close it
     * @throws DataException naming file and position when it is missing, torn or breaks the format
     */
    public static GgufFile open(Path path) {
        if (Files.isDirectory(path)) {
            throw DataException.in(path, "expected a GGUF file, found a directory");
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            GgufFile file = new GgufFile(path, channel);
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

    private static void checkVersion(GgufCursor cursor) {
        int magic = cursor.int32("the word GGUF");
        if (magic != MAGIC) {
            throw cursor.broken(0, String.format("not a GGUF file: expected GGUF, found 0x%08x", magic));
        }
        int version = cursor.int32("the version");
        if (version != 2 && version != 3) {
            String hint = Integer.reverseBytes(version) == 3 ? " (a big-endian file)" : "";
            throw cursor.broken(
                    4,
                    "the version: expected 2 or 3, little-endian, found " + Integer.toUnsignedString(version) + hint);
        }
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** What it says of itself. */
    public GgufMetadata metadata() {
        return metadata;
    }

    /** Its tensors by name, sorted. */
    public Map<String, GgufTensor> tensors() {
        return tensors;
    }

    /**
     * The tensor of that name.
     *
     * @throws DataException when there is none
     */
    public GgufTensor tensor(String name) {
        GgufTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw DataException.in(path, "no tensor \"" + name + "\" among its " + tensors.size());
        }
        return tensor;
    }

    /**
     * Copies bytes of a tensor as they are in the file.
     *
     * @param from first byte, counted from the tensor's own start
     * @param into filled from its position to its limit
     * @throws DataException when the file cannot be read
     * @throws IndexOutOfBoundsException when the range lies outside the tensor
     */
    public void read(GgufTensor tensor, long from, ByteBuffer into) {
        Objects.checkFromIndexSize(from, (long) into.remaining(), tensor.bytes());
        try {
            long at = tensor.offset() + from;
            while (into.hasRemaining()) {
                int count = channel.read(into, at);
                if (count < 0) {
                    throw new EOFException("the file ended while it was read");
                }
                at += count;
            }
        } catch (IOException failure) {
            throw new DataException(
                    path + ": tensor \"" + tensor.name() + "\": cannot be read: " + failure.getMessage(), failure);
        }
    }

    /** The same bytes as a read-only little-endian view of the file, without a copy. */
    public ByteBuffer map(GgufTensor tensor, long from, int length) {
        Objects.checkFromIndexSize(from, (long) length, tensor.bytes());
        try {
            return channel.map(FileChannel.MapMode.READ_ONLY, tensor.offset() + from, length)
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException failure) {
            throw new DataException(
                    path + ": tensor \"" + tensor.name() + "\": cannot be mapped: " + failure.getMessage(), failure);
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
