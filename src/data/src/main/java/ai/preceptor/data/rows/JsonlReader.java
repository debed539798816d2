package ai.preceptor.data.rows;

import ai.preceptor.data.DataException;
import ai.preceptor.data.source.LineReader;
import ai.preceptor.data.source.RowException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the files that {@link JsonlWriter} wrote, such as metrics. A last line without its line feed
 * was cut off when the process died; it was never acknowledged and is left out.
 */
public final class JsonlReader {
    private JsonlReader() {}

    /**
     * All whole rows in order.
     *
     * @param file a file of JSON objects, one a line; may be empty
     * @throws DataException if the file is missing or unreadable, or a whole line is not a JSON object
     */
    public static List<JsonNode> committedRows(Path file) {
        List<JsonNode> rows = new ArrayList<>();
        try (LineReader lines = LineReader.open(file)) {
            while (lines.advance() && lines.terminated()) {
                try {
                    rows.add(JsonRows.parse(lines.text()));
                } catch (RowException e) {
                    throw new DataException(file + ":" + lines.number() + ": " + e.reason(), e);
                }
            }
        }
        return rows;
    }
}
