package ai.preceptor.cli.compare;

import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.train.experiment.RecordedRun;
import ai.preceptor.train.experiment.RunEnd;
import ai.preceptor.train.experiment.RunSettings;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run as its directory says it.
 *
 * @param directory where it lies
 * @param read its settings
 * @param columns its metrics over the steps; empty before the first
 * @param summary what it came to; missing while it is not finished
 * @param ended why it ended early, as it said itself; empty if it did not
 * @param end when
 */
record ComparedRun(
        Path directory, RunSettings read, Map<String, List<Point>> columns, JsonNode summary, String ended, RunEnd end)
        implements RecordedRun {
    /** Copies the map. */
    ComparedRun {
        columns = new LinkedHashMap<>(columns);
    }

    @Override
    public Optional<RunSettings> settings() {
        return Optional.of(read);
    }

    boolean isFinished() {
        return !summary.isMissingNode();
    }

    /** Steps of which there are metrics. */
    long steps() {
        return columns.values().stream()
                .flatMap(List::stream)
                .mapToLong(point -> (long) point.x())
                .max()
                .orElse(0);
    }
}
