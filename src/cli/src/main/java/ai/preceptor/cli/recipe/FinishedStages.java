package ai.preceptor.cli.recipe;

import ai.preceptor.cli.config.Resolved;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.rows.JsonlReader;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.train.run.FileSum;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The finished stages of a run, their configurations and their times: the file {@code stages.jsonl}. A stage is finished
 * when its line is there, and its line is written last.
 */
final class FinishedStages {
    private static final String FILE = "stages.jsonl";

    private final Path file;
    private final Map<String, Finished> stages = new LinkedHashMap<>();

    /**
     * @param keys name and value, the command among them
     * @param files digests of the files that other stages read; empty if not recorded
     */
    private record Finished(double seconds, Map<String, String> keys, Map<String, FileSum> files) {}

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
                Map<String, FileSum> files = new TreeMap<>();
                row.path("files")
                        .properties()
                        .forEach(file -> files.put(
                                file.getKey(),
                                new FileSum(
                                        file.getValue().path("bytes").longValue(),
                                        file.getValue().path("crc32c").asText())));
                finished.stages.put(
                        row.path("stage").asText(),
                        new Finished(row.path("seconds").asDouble(), keys, files));
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
        Map<String, String> defaults = Resolved.defaults(stage.kind().keys()); // of keys that an upgrade brought
        Map<String, String> all = new TreeMap<>(finished.keys());
        all.putAll(now);
        StringBuilder different = new StringBuilder();
        for (String key : all.keySet()) {
            String before = finished.keys().getOrDefault(key, defaults.getOrDefault(key, "absent"));
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

    /**
     * Makes sure that what a finished stage left to others is as it was.
     *
     * @throws DataException naming the first file that is not
     */
    void requireWhole(RecipeStage<?> stage) {
        Finished finished = stages.get(stage.name());
        if (finished == null || !has(stage)) {
            return;
        }
        finished.files().forEach((name, was) -> {
            Path path = stage.directory().resolve(name);
            String is = Files.isRegularFile(path) ? shown(sum(path)) : "missing";
            if (!is.equals(shown(was))) {
                throw new DataException("resume: stage " + stage.name() + " was finished, but " + path
                        + " has changed since: it is " + is + ", expected " + shown(was)
                        + "; put back a copy, or remove " + stage.directory() + " to run the stage again");
            }
        });
    }

    private static String shown(FileSum sum) {
        return sum.bytes() + " bytes with checksum " + sum.crc32c();
    }

    private static FileSum sum(Path file) {
        try {
            return FileSum.of(file);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** What a stage leaves to others: its model, and the files that can be referred to. */
    private static Map<String, FileSum> left(RecipeStage<?> stage) {
        Map<String, FileSum> files = new TreeMap<>();
        Path model = stage.directory().resolve(RecipeStage.MODEL);
        if (Files.isDirectory(model)) {
            try (Stream<Path> all = Files.walk(model)) {
                all.filter(Files::isRegularFile)
                        .forEach(file ->
                                files.put(stage.directory().relativize(file).toString(), sum(file)));
            } catch (IOException e) {
                throw new DataException(model + ": cannot be listed: " + e.getMessage(), e);
            }
        }
        for (String name : stage.kind().files()) {
            Path file = stage.directory().resolve(name);
            if (Files.isRegularFile(file)) {
                files.put(name, sum(file));
            }
        }
        return files;
    }

    /** Notes that a stage is finished; its results are on the disk. */
    void add(RecipeStage<?> stage, double seconds) {
        Map<String, String> keys = keys(stage);
        Map<String, FileSum> files = left(stage);
        try (JsonlWriter writer = JsonlWriter.append(file)) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("stage", stage.name());
            row.put("seconds", seconds);
            row.put("keys", keys);
            row.put("files", rows(files));
            writer.write(row);
        }
        stages.put(stage.name(), new Finished(seconds, keys, files));
    }

    private static Map<String, Object> rows(Map<String, FileSum> files) {
        Map<String, Object> rows = new TreeMap<>();
        files.forEach((name, sum) ->
                rows.put(name, Map.of("bytes", sum.bytes(), "crc32c", Objects.requireNonNull(sum.crc32c()))));
        return rows;
    }

    private static Map<String, String> keys(RecipeStage<?> stage) {
        Map<String, String> keys = new TreeMap<>(stage.identity());
        keys.put("command", stage.kind().command());
        return keys;
    }
}
