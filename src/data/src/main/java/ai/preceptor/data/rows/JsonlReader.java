package ai.preceptor.data.rows;

import ai.preceptor.data.DataException;
import ai.preceptor.data.files.IoReason;
import ai.preceptor.data.source.LineReader;
import ai.preceptor.data.source.RowException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the files that {@link JsonlWriter} wrote, such as metrics. A last line without its line feed
 * was cut off when the process died; it was never acknowledged and is left out.
 */
public final class JsonlReader {
    private static final int BLOCK = 1 << 13;

    private JsonlReader() {}

    /** What becomes of a row. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Takes it.
         *
         * @param offset where its line begins, in bytes
         * @param line number of its line, from 1
         */
        void visit(long offset, long line, JsonNode row);
    }

    /**
     * All whole rows in order.
     *
     * @param file a file of JSON objects, one a line; may be empty
     * @throws DataException if the file is missing or unreadable, or a whole line is not a JSON object
     */
    public static List<JsonNode> committedRows(Path file) {
        List<JsonNode> rows = new ArrayList<>();
        visitCommitted(file, (offset, line, row) -> rows.add(row));
        return rows;
    }

    /** The same, one row in memory at a time. */
    public static void visitCommitted(Path file, Visitor visitor) {
        try (LineReader lines = LineReader.open(file)) {
            while (lines.advance() && lines.terminated()) {
                visitor.visit(lines.start(), lines.number(), row(file, lines));
            }
        }
    }

    private static JsonNode row(Path file, LineReader lines) {
        try {
            return JsonRows.parse(lines.text());
        } catch (RowException e) {
            throw new DataException(file + ":" + lines.number() + ": " + e.reason(), e);
        }
    }

    /**
     * The row whose line begins at a place.
     *
     * @param file not packed
     * @param offset in bytes
     * @throws DataException if there is no JSON object
     */
    public static JsonNode rowAt(Path file, long offset) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] block = new byte[BLOCK];
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            bytes.seek(offset);
            int read = bytes.read(block);
            while (read > 0) {
                int end = lineFeed(block, read);
                line.write(block, 0, end < 0 ? read : end);
                read = end < 0 ? bytes.read(block) : 0;
            }
            return JsonRows.parse(line.toString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read at byte " + offset + ": " + IoReason.of(e), e);
        } catch (RowException e) {
            throw new DataException(file + ": at byte " + offset + ": " + e.reason(), e);
        }
    }

    private static int lineFeed(byte[] block, int length) {
        for (int i = 0; i < length; i++) {
            if (block[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
