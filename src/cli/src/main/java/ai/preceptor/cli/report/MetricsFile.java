package ai.preceptor.cli.report;

import ai.preceptor.cli.report.Curve.Point;
import ai.preceptor.data.DataException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A {@code metrics.jsonl}.
 *
 * @param file its path
 */
public record MetricsFile(Path file) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Every metric over the steps; numbers that are not finite are left out.
     *
     * @throws DataException when the file cannot be read
     */
    public Map<String, List<Point>> columns() {
        Map<String, List<Point>> columns = new LinkedHashMap<>();
        try (Stream<String> lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines::iterator) {
                JsonNode row = JSON.readTree(line);
                double step = row.path("step").asDouble();
                row.properties().forEach(entry -> {
                    if (entry.getValue().isNumber()) {
                        columns.computeIfAbsent(entry.getKey(), name -> new ArrayList<>())
                                .add(new Point(step, entry.getValue().doubleValue()));
                    }
                });
            }
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
        return columns;
    }
}
