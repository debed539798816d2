package ai.preceptor.data.source;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.IoReason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file in the directory for temporary files that has no name there, so that it goes with the process. It is closed when
 * nothing refers to this object. Safe for several threads.
 */
public final class UnnamedFile {
    private static final Cleaner CLEANER = Cleaner.create();

    private final RandomAccessFile bytes;

    private UnnamedFile(RandomAccessFile bytes) {
        this.bytes = bytes;
    }

    /**
     * An empty file.
     *
     * @throws OutputException if no temporary file can be made
     */
    public static UnnamedFile create() {
        try {
            Path file = Files.createTempFile("preceptor-rows", ".tmp");
            RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw");
            try {
                Files.delete(file);
            } catch (IOException openFilesStay) {
                file.toFile().deleteOnExit();
            }
            UnnamedFile made = new UnnamedFile(bytes);
            CLEANER.register(made, () -> close(bytes));
            return made;
        } catch (IOException e) {
            throw new OutputException(directory(), "a temporary file for rows cannot be made: " + IoReason.of(e), e);
        }
    }

    private static void close(RandomAccessFile bytes) {
        try {
            bytes.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes at a place.
     *
     * @param offset in bytes
     * @throws OutputException if the disk is full or broken
     */
    public synchronized void write(long offset, byte[] from, int length) {
        try {
            bytes.seek(offset);
            bytes.write(from, 0, length);
        } catch (IOException e) {
            throw failed("written", e);
        }
    }

    /**
     * Reads what was written at a place, as much as fits.
     *
     * @param offset in bytes
     * @throws OutputException if the disk is broken
     */
    public synchronized void read(long offset, byte[] into) {
        try {
            bytes.seek(offset);
            bytes.readFully(into);
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    private static Path directory() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static OutputException failed(String what, IOException e) {
        return new OutputException(
                directory(), "rows kept in a temporary file there cannot be " + what + ": " + IoReason.of(e), e);
    }
}
