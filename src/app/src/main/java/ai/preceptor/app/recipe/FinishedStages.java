package ai.preceptor.app.recipe;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.JsonlReader;
import ai.preceptor.data.JsonlWriter;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which stages of a run are finished, what they were made with and how long they took: the file {@code stages.jsonl}. A
 * stage is finished when its line is there, and its line is written last.
 */
final class FinishedStages {
    private static final String FILE = "stages.jsonl";

    private final Path file;
    private final Map<String, Finished> stages = new LinkedHashMap<>();

    /** @param keys name and value, the command among them */
    private record Finished(double seconds, Map<String, String> keys) {}

    private FinishedStages(Path file) {
        this.file = file;
    }

    /**
     * Reads what is there.
     *
     * @param output the recipe's run directory; need not exist
     * @throws DataException when the file holds what no recipe wrote
     */
    static FinishedStages of(Path output) {
        FinishedStages finished = new FinishedStages(output.resolve(FILE));
        if (Files.exists(finished.file)) {
            for (JsonNode row : JsonlReader.committedRows(finished.file)) {
                Map<String, String> keys = new TreeMap<>();
                row.path("keys")
                        .properties()
                        .forEach(key -> keys.put(key.getKey(), key.getValue().asText()));
                finished.stages.put(
                        row.path("stage").asText(),
                        new Finished(row.path("seconds").asDouble(), keys));
            }
        }
        return finished;
    }

    /** Whether any recipe has worked in that directory. */
    static boolean exist(Path output) {
        return Files.exists(output.resolve(FILE));
    }

    /** Says that a recipe has begun to work here. */
    void begin() {
        JsonlWriter.append(file).close();
    }

    /** Whether the stage is finished and its directory still there. */
    boolean has(RecipeStage<?> stage) {
        return stages.containsKey(stage.name()) && Files.isDirectory(stage.directory());
    }

    /** Seconds the stage took; 0 when it is not finished. */
    double seconds(RecipeStage<?> stage) {
        Finished finished = stages.get(stage.name());
        return finished == null ? 0 : finished.seconds();
    }

    /**
     * Makes sure that a finished stage is the one that is asked for now.
     *
     * @throws ConfigurationException naming the keys that differ
     */
    void requireSame(RecipeStage<?> stage) {
        Finished finished = stages.get(stage.name());
        if (finished == null || !has(stage)) {
            return;
        }
        Map<String, String> now = keys(stage);
        Map<String, String> all = new TreeMap<>(finished.keys());
        all.putAll(now);
        StringBuilder different = new StringBuilder();
        for (String key : all.keySet()) {
            String before = finished.keys().getOrDefault(key, "absent");
            String asked = now.getOrDefault(key, "absent");
            if (!before.equals(asked)) {
                different.append(different.isEmpty() ? "" : "; ").append(key);
                different.append(": was ").append(before).append(", is ").append(asked);
            }
        }
        if (!different.isEmpty()) {
            throw new ConfigurationException("resume: stage " + stage.name() + " in " + stage.directory()
                    + " was finished with other keys: " + different
                    + "; restore them, remove that directory to run the stage again, or choose another output");
        }
    }

    /** Notes that a stage is finished; its results are on the disk. */
    void add(RecipeStage<?> stage, double seconds) {
        Map<String, String> keys = keys(stage);
        try (JsonlWriter writer = JsonlWriter.append(file)) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("stage", stage.name());
            row.put("seconds", seconds);
            row.put("keys", keys);
            writer.write(row);
        }
        stages.put(stage.name(), new Finished(seconds, keys));
    }

    private static Map<String, String> keys(RecipeStage<?> stage) {
        Map<String, String> keys = new TreeMap<>(stage.identity());
        keys.put("command", stage.kind().command());
        return keys;
    }
}
