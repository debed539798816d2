package ai.preceptor.cli.compare;

import ai.preceptor.cli.chart.Curve.Point;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One run as its directory says it.
 *
 * @param directory where it lies
 * @param command which wrote it
 * @param settings its keys and values as text; of a value of another stage of the same recipe, which
 * @param columns its metrics over the steps; empty before the first
 * @param summary what it came to; missing while it is not finished
 * @param ended why it ended early, as it said itself; empty if it did not
 */
record ComparedRun(
        Path directory,
        String command,
        Map<String, String> settings,
        Map<String, List<Point>> columns,
        JsonNode summary,
        String ended) {
    static final String SEED = "seed";

    /** Copies the maps. */
    ComparedRun {
        settings = new LinkedHashMap<>(settings);
        columns = new LinkedHashMap<>(columns);
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

    String seed() {
        return settings.getOrDefault(SEED, "");
    }

    /** The settings that runs must have in common to differ in nothing but their seed. */
    Map<String, String> identity() {
        Map<String, String> identity = new LinkedHashMap<>(settings);
        identity.remove(SEED);
        return identity;
    }
}
