package ai.preceptor.data.source;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.IoReason;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Texts of rows on the disk, eight bytes of memory each: written one after another, then read in any order. The file lies in
 * the directory for temporary files and has no name there, so that it goes with the process. Reading is safe for several
 * threads.
 */
public final class RowStore {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final int BUFFER = 1 << 16;

    private final RandomAccessFile bytes;
    private final OutputStream out;
    private long[] ends = new long[1024];
    private int size;

    private RowStore(RandomAccessFile bytes, OutputStream out) {
        this.bytes = bytes;
        this.out = out;
    }

    /**
     * An empty store.
     *
     * @throws OutputException if no temporary file can be made
     */
    public static RowStore create() {
        Path directory = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            Path file = Files.createTempFile("preceptor-rows", ".tmp");
            RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw");
            try {
                Files.delete(file);
            } catch (IOException openFilesStay) {
                file.toFile().deleteOnExit();
            }
            RowStore store = new RowStore(bytes, new BufferedOutputStream(new FileOutputStream(bytes.getFD()), BUFFER));
            CLEANER.register(store, () -> close(bytes));
            return store;
        } catch (IOException e) {
            throw new OutputException(directory, "a temporary file for rows cannot be made: " + IoReason.of(e), e);
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
     * Adds a text.
     *
     * @throws OutputException if the disk is full or broken
     */
    public void add(String text) {
        byte[] row = text.getBytes(StandardCharsets.UTF_8);
        try {
            out.write(row);
        } catch (IOException e) {
            throw failed("written", e);
        }
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, size * 2);
        }
        ends[size] = (size == 0 ? 0 : ends[size - 1]) + row.length;
        size++;
    }

    /**
     * Ends writing.
     *
     * @throws OutputException if the disk is full or broken
     */
    public void finish() {
        try {
            out.flush();
        } catch (IOException e) {
            throw failed("written", e);
        }
    }

    /** Number of texts. */
    public int size() {
        return size;
    }

    /**
     * The text at a place, from 0.
     *
     * @throws OutputException if the disk is broken
     */
    public String get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("row " + index + " of " + size);
        }
        long from = index == 0 ? 0 : ends[index - 1];
        byte[] row = new byte[(int) (ends[index] - from)];
        synchronized (bytes) {
            try {
                bytes.seek(from);
                bytes.readFully(row);
            } catch (IOException e) {
                throw failed("read", e);
            }
        }
        return new String(row, StandardCharsets.UTF_8);
    }

    private static OutputException failed(String what, IOException e) {
        Path directory = Path.of(System.getProperty("java.io.tmpdir"));
        return new OutputException(
                directory, "rows kept in a temporary file there cannot be " + what + ": " + IoReason.of(e), e);
    }
}
