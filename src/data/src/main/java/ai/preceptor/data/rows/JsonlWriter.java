package ai.preceptor.data.rows;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.data.files.IoReason;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Appends rows to a file of JSON lines so that whole lines survive a crash at any moment.
 *
 * <p>Every row is handed to the operating system in one write, so it outlives the process; {@link
 * #flush()} forces all rows to the disk, so that they outlive the machine. A line that a crash cut
 * off is removed when the file is opened again. Safe for several threads. {@code NaN} and infinities,
 * which JSON does not have, are written as the strings {@code "NaN"}, {@code "Infinity"} and {@code
 * "-Infinity"}.
 */
public final class JsonlWriter implements AutoCloseable {
    private static final int BLOCK = 1 << 16;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path file;
    private final FileOutputStream out;
    private final boolean regular;

    private JsonlWriter(Path file, FileOutputStream out) {
        this.file = file;
        this.out = out;
        this.regular = Files.isRegularFile(file);
    }

    /**
     * Opens a file to add rows to, made with its directories if missing.
     *
     * @throws OutputException if it cannot be written
     */
    public static JsonlWriter append(Path file) {
        return open(file, true);
    }

    /**
     * Opens a file to write from the start; its former content is lost immediately. To keep the old file until
     * the new one is whole, use {@link #replace(Path, Iterable)}.
     *
     * @throws OutputException if it cannot be written
     */
    public static JsonlWriter create(Path file) {
        return open(file, false);
    }

    /**
     * Writes all rows to a temporary name and renames, so that the old file stays until the new one is whole.
     *
     * @throws OutputException if the file cannot be written
     */
    public static void replace(Path file, Iterable<? extends Map<String, ? extends @Nullable Object>> rows) {
        AtomicFiles.write(file, out -> {
            for (Object row : rows) {
                out.write(line(row));
            }
        });
    }

    /** Makes rows one after another, so that not all of them are in memory. */
    @FunctionalInterface
    public interface Rows {
        /** Gives each row to {@code out}, in order. */
        void writeTo(Consumer<Map<String, ? extends @Nullable Object>> out);
    }

    /**
     * Writes rows as they are made, to a temporary name, and renames at the end. A failure to make one leaves the old file as it
     * was.
     *
     * @throws OutputException if the file cannot be written
     */
    public static void replaceWith(Path file, Rows rows) {
        AtomicFiles.write(file, out -> {
            try {
                rows.writeTo(row -> {
                    try {
                        out.write(line(row));
                    } catch (IOException e) {
                        throw new LineFailure(file, e);
                    }
                });
            } catch (LineFailure e) {
                if (e.file.equals(file.toString())) {
                    throw e.getCause();
                }
                throw e; // of another file that is written at the same time
            }
        });
    }

    private static final class LineFailure extends UncheckedIOException {
        private static final long serialVersionUID = 1;

        private final String file;

        LineFailure(Path file, IOException cause) {
            super(cause);
            this.file = file.toString();
        }
    }

    private static JsonlWriter open(Path file, boolean append) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            if (append && Files.isRegularFile(file)) {
                removeTornLine(file);
            }
            return new JsonlWriter(file, new FileOutputStream(file.toFile(), append));
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** Cuts the file after its last line feed. */
    private static void removeTornLine(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long end = bytes.length();
            byte[] block = new byte[BLOCK];
            int last = -1;
            while (end > 0 && last < 0) {
                int length = (int) Math.min(BLOCK, end);
                bytes.seek(end - length);
                bytes.readFully(block, 0, length);
                last = length - 1;
                while (last >= 0 && block[last] != '\n') {
                    last--;
                }
                end -= length - 1 - last;
            }
            if (end < bytes.length()) {
                bytes.setLength(end);
            }
        }
    }

    /**
     * Adds a row.
     *
     * @param row keys and values in the order to write them: strings, numbers, booleans, null, arrays,
     *     lists and maps of these
     * @throws OutputException if the line cannot be written; what was written of it is taken back
     * @throws IllegalArgumentException if a value has no form in JSON
     */
    public synchronized void write(Map<String, ? extends @Nullable Object> row) {
        byte[] line = line(row);
        long before = -1;
        try {
            before = regular ? Files.size(file) : -1;
            out.write(line);
        } catch (IOException e) {
            takeBack(before, e);
            throw failed(file, e);
        }
    }

    /**
     * Length of the file in bytes, which is where the next row begins.
     *
     * @throws OutputException if the system cannot tell
     */
    public synchronized long length() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static byte[] line(Object row) {
        try {
            return (MAPPER.writeValueAsString(row) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("row: expected JSON values, received " + row, e);
        }
    }

    /** On a full disk half a line may have been written. */
    private void takeBack(long before, IOException cause) {
        if (before >= 0) {
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                bytes.setLength(before);
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    /**
     * Forces all rows to the disk.
     *
     * @throws OutputException if the system cannot
     */
    public synchronized void flush() {
        try {
            if (regular) {
                out.getFD().sync();
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /**
     * Forces all rows to the disk and closes the file.
     *
     * @throws OutputException if the system cannot
     */
    @Override
    public synchronized void close() {
        try (FileOutputStream closing = out) {
            if (regular && closing.getFD().valid()) {
                closing.getFD().sync();
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static OutputException failed(Path file, IOException e) {
        return new OutputException(file, "cannot be written: " + IoReason.of(e), e);
    }
}
