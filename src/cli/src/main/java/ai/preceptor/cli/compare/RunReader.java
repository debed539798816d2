package ai.preceptor.cli.compare;

import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.report.MetricsFile;
import ai.preceptor.cli.runs.ConfigReader;
import ai.preceptor.cli.runs.RunFolder;
import ai.preceptor.data.DataException;
import ai.preceptor.train.experiment.RunEnd;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Reads what a run has left so far; it may still be running. */
final class RunReader {
    /** What {@code status.json} says of a run that is over without its result. */
    private static final Set<String> ENDED = Set.of("stopped", "failed");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ConfigReader settings;
    private final Consumer<String> notes;

    /**
     * A reader.
     *
     * @param settings reads configurations
     * @param notes gets what a person should know of a run
     */
    RunReader(ConfigReader settings, Consumer<String> notes) {
        this.settings = settings;
        this.notes = notes;
    }

    /**
     * Reads it.
     *
     * @throws DataException when a file is not what a run writes, naming file and line
     */
    ComparedRun read(RunFolder folder) {
        Path summary = folder.directory().resolve(RunFolder.SUMMARY);
        Path metrics = folder.directory().resolve(MetricsFile.NAME);
        JsonNode status = json(folder.directory().resolve(RunFolder.STATUS));
        return new ComparedRun(
                folder.directory(),
                settings.of(folder),
                columns(metrics),
                json(summary),
                ended(status),
                RunEnd.of(status, written(summary), written(metrics)));
    }

    /** When a file was; 0 if there is none. */
    private static long written(Path file) {
        return file.toFile().lastModified();
    }

    private static String ended(JsonNode status) {
        String state = status.path("state").asText();
        String message =
                status.path("message").asText("").lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "?");
        return !ENDED.contains(state)
                ? ""
                : message.isEmpty() || message.equals("null") ? state : state + ": " + message;
    }

    private Map<String, List<Point>> columns(Path file) {
        if (!Files.exists(file)) {
            return Map.of();
        }
        MetricsFile metrics = new MetricsFile(file);
        if (metrics.isTorn()) {
            notes.accept(file + ": the last line is incomplete and left out; the run is writing it, or was killed");
        }
        Map<String, List<Point>> columns = metrics.columns();
        MetricsFile.AXES.forEach(columns::remove);
        return columns;
    }

    private static JsonNode json(Path file) {
        if (!Files.exists(file)) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new DataException(file + ": expected JSON, found " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
