package ai.preceptor.data.source;

import ai.preceptor.data.OutputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Texts of rows on the disk, eight bytes of memory each: written one after another, then read in any order. The file lies in
 * the directory for temporary files and has no name there, so that it goes with the process. Reading is safe for several
 * threads.
 */
public final class RowStore {
    private static final int BUFFER = 1 << 16;

    private final UnnamedFile file;
    private final byte[] buffer = new byte[BUFFER];
    private int buffered;
    private long written;
    private long[] ends = new long[1024];
    private int size;

    private RowStore(UnnamedFile file) {
        this.file = file;
    }

    /**
     * An empty store.
     *
     * @throws OutputException if no temporary file can be made
     */
    public static RowStore create() {
        return new RowStore(UnnamedFile.create());
    }

    /**
     * Adds a text.
     *
     * @throws OutputException if the disk is full or broken
     */
    public void add(String text) {
        byte[] row = text.getBytes(StandardCharsets.UTF_8);
        if (buffered + row.length > BUFFER) {
            finish();
        }
        if (row.length > BUFFER) {
            file.write(written, row, row.length);
            written += row.length;
        } else {
            System.arraycopy(row, 0, buffer, buffered, row.length);
            buffered += row.length;
        }
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, size * 2);
        }
        ends[size++] = written + buffered;
    }

    /**
     * Ends writing.
     *
     * @throws OutputException if the disk is full or broken
     */
    public void finish() {
        file.write(written, buffer, buffered);
        written += buffered;
        buffered = 0;
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
        file.read(from, row);
        return new String(row, StandardCharsets.UTF_8);
    }
}
