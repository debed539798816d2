package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.data.DataException;
import ai.preceptor.data.rows.JsonlReader;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code metrics.jsonl}.
 *
 * @param file its path
 */
public record MetricsFile(Path file) {
    /** Its name in a run directory. */
    public static final String NAME = "metrics.jsonl";

    /** Keys of a line that are no metrics. */
    public static final List<String> AXES = List.of("step", "epoch", "tokens", "step_time");

    /**
     * Every metric over the steps; numbers that are not finite, and a last line that was not written to its end, are left
     * out.
     *
     * @throws DataException when the file cannot be read, or a line that was is not a JSON object, which it names
     */
    public Map<String, List<Point>> columns() {
        Map<String, List<Point>> columns = new LinkedHashMap<>();
        for (JsonNode row : JsonlReader.committedRows(file)) {
            double step = row.path("step").asDouble();
            row.properties().forEach(entry -> {
                if (entry.getValue().isNumber()) {
                    columns.computeIfAbsent(entry.getKey(), name -> new ArrayList<>())
                            .add(new Point(step, entry.getValue().doubleValue()));
                }
            });
        }
        return columns;
    }

    /**
     * Whether its last line has no end: the run is writing it at this moment, or was killed while it did.
     *
     * @throws DataException when the file cannot be read
     */
    public boolean isTorn() {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            if (bytes.length() == 0) {
                return false;
            }
            bytes.seek(bytes.length() - 1);
            return bytes.read() != '\n';
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
