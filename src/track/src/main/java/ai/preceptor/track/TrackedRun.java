package ai.preceptor.track;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The run that is recorded.
 *
 * @param directory of the run
 * @param name for people
 * @param command that trains
 * @param settings the resolved configuration, key and value as text
 */
public record TrackedRun(Path directory, String name, String command, Map<String, String> settings) {
    public TrackedRun {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** What is recorded. */
    Path metrics() {
        return directory.resolve("metrics.jsonl");
    }

    Path samples() {
        return directory.resolve("samples.jsonl");
    }

    /** What a tracker keeps of the run. */
    Path state(String tracker) {
        return directory.resolve("trackers").resolve(tracker + ".json");
    }
}
