package ai.preceptor.formats.io;

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
import java.util.function.Function;

/** A file open for reading. Buffers mapped from it stay valid after it is closed. */
public final class BinaryFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final long size;

    private BinaryFile(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    /**
     * Opens a file and creates its owner; if that fails, the file is closed again.
     *
     * @param path the file
     * @param kind what is expected, for messages, such as {@code a GGUF file}
     * @param owner reads what it needs and keeps the file
     * @throws DataException when there is no such file or it cannot be read
     */
    public static <T> T open(Path path, String kind, Function<BinaryFile, T> owner) {
        if (Files.isDirectory(path)) {
            throw DataException.in(path, "expected " + kind + ", found a directory");
        }
        BinaryFile file = open(path);
        try {
            return owner.apply(file);
        } catch (Throwable refused) {
            file.close();
            throw refused;
        }
    }

    private static BinaryFile open(Path path) {
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            try {
                return new BinaryFile(path, channel, channel.size());
            } catch (IOException failure) {
                channel.close();
                throw failure;
            }
        } catch (NoSuchFileException missing) {
            throw new DataException(path + ": no such file", missing);
        } catch (IOException failure) {
            throw new DataException(path + ": cannot be read: " + failure.getMessage(), failure);
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Its length in bytes when it was opened. */
    public long size() {
        return size;
    }

    /**
     * Copies bytes.
     *
     * @param what what they are, for messages
     * @param at the first byte
     * @param into filled from its position to its limit
     * @throws DataException when they cannot be read, or the file has become shorter
     */
    public void read(String what, long at, ByteBuffer into) {
        try {
            long next = at;
            while (into.hasRemaining()) {
                int count = channel.read(into, next);
                if (count < 0) {
                    throw new EOFException("the file ended while it was read");
                }
                next += count;
            }
        } catch (IOException failure) {
            throw new DataException(path + ": " + what + ": cannot be read: " + failure.getMessage(), failure);
        }
    }

    /**
     * The same bytes as a read-only little-endian view, without a copy.
     *
     * @throws DataException when they cannot be mapped
     */
    public ByteBuffer map(String what, long at, int length) {
        try {
            return channel.map(FileChannel.MapMode.READ_ONLY, at, length).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException failure) {
            throw new DataException(path + ": " + what + ": cannot be mapped: " + failure.getMessage(), failure);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new DataException(path + ": cannot be closed: " + failure.getMessage(), failure);
        }
    }
}
