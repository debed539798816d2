package ai.preceptor.cli.recipe;

import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.keys.RunIdentity;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.rows.JsonlReader;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.train.run.FileSum;
import ai.preceptor.train.run.RunSpec;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The finished stages of a run, their configurations and their times: the file {@code stages.jsonl}. A stage is finished
 * when its line is there, and its line is written last; a later line says so when it begins once more.
 */
final class FinishedStages {
    private static final String FILE = "stages.jsonl";
    private static final String IS_FINISHED = "finished";

    /** A person may write another in its place. */
    private static final String CARD = "README.md";

    private final Path output;
    private final Path file;
    private final Map<String, Finished> stages = new LinkedHashMap<>();

    /** Those that were finished and go on, since rounds were added before them. */
    private final List<String> goingOn = new ArrayList<>();

    /**
     * @param keys name and value, the command among them
     * @param files digests of the files that other stages read; empty if not recorded
     * @param inputs those of other stages that it read, by their places in the recipe's run directory; empty if not recorded
     */
    private record Finished(
            double seconds, Map<String, String> keys, Map<String, FileSum> files, Map<String, FileSum> inputs) {}

    private FinishedStages(Path output) {
        this.output = output;
        this.file = output.resolve(FILE);
    }

    /**
     * Reads what is there.
     *
     * @param output the recipe's run directory; need not exist
     * @throws DataException when the file holds what no recipe wrote
     */
    static FinishedStages of(Path output) {
        FinishedStages finished = new FinishedStages(output);
        if (Files.exists(finished.file)) {
            for (JsonNode row : JsonlReader.committedRows(finished.file)) {
                String stage = row.path("stage").asText();
                if (!row.path(IS_FINISHED).asBoolean(true)) {
                    finished.stages.remove(stage);
                    continue;
                }
                Map<String, String> keys = new TreeMap<>();
                row.path("keys")
                        .properties()
                        .forEach(key -> keys.put(key.getKey(), key.getValue().asText()));
                finished.stages.put(
                        stage,
                        new Finished(
                                row.path("seconds").asDouble(),
                                keys,
                                sums(row.path("files")),
                                sums(row.path("inputs"))));
            }
        }
        return finished;
    }

    private static Map<String, FileSum> sums(JsonNode rows) {
        Map<String, FileSum> sums = new TreeMap<>();
        rows.properties()
                .forEach(file -> sums.put(
                        file.getKey(),
                        new FileSum(
                                file.getValue().path("bytes").longValue(),
                                file.getValue().path("crc32c").asText())));
        return sums;
    }

    /** Whether any recipe has worked in that directory. */
    static boolean exist(Path output) {
        return Files.exists(output.resolve(FILE));
    }

    /** Says that a recipe has begun to work here, and which stages that were finished go on. */
    void begin() {
        try (JsonlWriter writer = JsonlWriter.append(file)) {
            goingOn.forEach(stage -> writer.write(begun(stage)));
        }
    }

    private static Map<String, Object> begun(String stage) {
        return Map.of("stage", stage, IS_FINISHED, false);
    }

    /** Says that a stage begins: one that was finished before, and whose directory was removed, no longer is. */
    void begin(RecipeStage<?> stage) {
        if (stages.remove(stage.name()) != null) {
            try (JsonlWriter writer = JsonlWriter.append(file)) {
                writer.write(begun(stage.name()));
            }
        }
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
     * Makes sure that a finished stage is the one that is asked for now. One that measured the last round, before there were as
     * many rounds as now, is no longer finished: it goes on in its directory, and keeps its measures of other models.
     *
     * @param rounds of the recipe; 0 for none
     * @throws ConfigurationException naming the keys that differ
     */
    void requireSame(RecipeStage<?> stage, int rounds) {
        Finished finished = stages.get(stage.name());
        if (finished == null || !has(stage)) {
            return;
        }
        Map<String, String> was = new TreeMap<>(RunIdentity.inRecipe(finished.keys(), output));
        Map<String, String> now = keys(stage);
        // lines of earlier versions do not have them, and epochs do not count where steps are given
        for (String key : RunIdentity.LENGTH) {
            if (!was.containsKey(key) || !now.containsKey(key)) {
                was.remove(key);
                now.remove(key);
            }
        }
        Map<String, String> defaults = Resolved.defaults(stage.kind().keys()); // of keys that an upgrade brought
        if (stage.written().containsKey(StagesReader.SHARDS)) {
            requireSameRounds(
                    stage, finished.keys().getOrDefault(StagesReader.SHARDS, "1"), now.get(StagesReader.SHARDS));
        }
        String different = RunSpec.differences(was, now, defaults);
        if (different.isEmpty()) {
            return;
        }
        if (stage.kind().measures()
                && stage.id().round() == 0
                && RunSpec.differences(ofLastRound(was, now, rounds), now, defaults)
                        .isEmpty()) {
            stages.remove(stage.name());
            goingOn.add(stage.name());
            return;
        }
        throw new ConfigurationException("resume: stage " + stage.name() + " in " + stage.directory()
                + " was finished with other keys: " + different
                + "; restore them, remove that directory to run the stage again, or choose another output");
    }

    /** The same keys where what was the last round is the one that is the last now. */
    private static Map<String, String> ofLastRound(Map<String, String> was, Map<String, String> now, int rounds) {
        Pattern round = Pattern.compile(RunSpec.IN_RECIPE + "(?:" + StageName.SEED + "[^/\\\\]+[/\\\\])?"
                + StageName.ROUND + "(\\d{1,9})(?=[/\\\\])");
        Map<String, String> moved = new TreeMap<>(was);
        moved.replaceAll((key, value) -> {
            Matcher is = round.matcher(now.getOrDefault(key, ""));
            return round.matcher(value).replaceAll(before -> {
                boolean added = is.find()
                        && Integer.parseInt(is.group(1)) == rounds
                        && Integer.parseInt(before.group(1)) < rounds;
                return Matcher.quoteReplacement(added ? is.group() : before.group());
            });
        });
        return moved;
    }

    /** Rounds read parts of the rows, of which there are as many as rounds. */
    private static void requireSameRounds(RecipeStage<?> stage, String was, @Nullable String is) {
        if (!was.equals(is)) {
            throw new ConfigurationException("repeat: stage " + stage.name() + " in " + stage.directory()
                    + " was finished with "
                    + (was.equals("1") ? "repeat_data=same" : "repeat=" + was + " repeat_data=split")
                    + ", found repeat="
                    + is + " repeat_data=split: each round reads every repeat-th row, so a finished one would have read"
                    + " others; restore them, or choose another output");
        }
    }

    /**
     * Makes sure that finished stages were made from what there is: none from what another stage left before it was made
     * again, or will be.
     *
     * @param all in the order to run
     * @throws ConfigurationException naming the first such stage, and the directories of all to remove
     */
    void requireInputs(List<RecipeStage<?>> all) {
        Map<String, FileSum> there = new TreeMap<>();
        all.stream().filter(this::has).forEach(stage -> there.putAll(noted(stage.name())));
        List<RecipeStage<?>> again = new ArrayList<>();
        List<String> remove = new ArrayList<>();
        String first = "";
        for (RecipeStage<?> stage : all) {
            String why = has(stage) ? stale(stage, again, there) : "";
            if (!has(stage) || !why.isEmpty()) {
                again.add(stage);
            }
            if (!why.isEmpty()) {
                remove.add(stage.directory().toString());
                first = first.isEmpty()
                        ? "stage " + stage.name() + " in " + stage.directory() + " was finished, but " + why
                        : first;
            }
        }
        if (!remove.isEmpty()) {
            throw new ConfigurationException("resume: " + first + "; remove " + String.join(" and ", remove)
                    + " to run what depends on it again, or choose another output");
        }
    }

    /** Why a finished stage does not stand; empty if it does. */
    private String stale(RecipeStage<?> stage, List<RecipeStage<?>> again, Map<String, FileSum> there) {
        for (RecipeStage<?> read : again) {
            if (stage.reads(read)) {
                return "it was made from what stage " + read.name() + " left, which will run again";
            }
        }
        for (Map.Entry<String, FileSum> input :
                Objects.requireNonNull(stages.get(stage.name())).inputs().entrySet()) {
            FileSum is = there.get(input.getKey());
            if (is != null && !is.equals(input.getValue())) {
                return "what it was made from is another now: " + input.getKey() + " was " + shown(input.getValue())
                        + ", is " + shown(is);
            }
        }
        return "";
    }

    /** What is noted of what a stage left, by the places in the recipe's run directory. */
    private Map<String, FileSum> noted(String stage) {
        Map<String, FileSum> left = new TreeMap<>();
        Finished finished = stages.get(stage);
        if (finished != null) {
            finished.files().forEach((file, sum) -> left.put(stage + "/" + file, sum));
        }
        return left;
    }

    /** What a stage read of others. */
    private Map<String, FileSum> inputs(RecipeStage<?> stage) {
        Map<String, FileSum> inputs = new TreeMap<>();
        for (String other : stages.keySet()) {
            inputs.putAll(noted(other));
        }
        inputs.keySet().removeIf(file -> stage.inputs().stream().noneMatch(output.resolve(file)::startsWith));
        return inputs;
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
                all.filter(file -> Files.isRegularFile(file) && !file.endsWith(CARD))
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
        Map<String, FileSum> inputs = inputs(stage);
        try (JsonlWriter writer = JsonlWriter.append(file)) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("stage", stage.name());
            row.put("seconds", seconds);
            row.put("keys", keys);
            row.put("files", rows(files));
            if (!inputs.isEmpty()) {
                row.put("inputs", rows(inputs));
            }
            writer.write(row);
        }
        stages.put(stage.name(), new Finished(seconds, keys, files, inputs));
    }

    private static Map<String, Object> rows(Map<String, FileSum> files) {
        Map<String, Object> rows = new TreeMap<>();
        files.forEach((name, sum) ->
                rows.put(name, Map.of("bytes", sum.bytes(), "crc32c", Objects.requireNonNull(sum.crc32c()))));
        return rows;
    }

    /**
     * With the keys of its length, and those by which evaluations decide which weights a stage ends with: another run may go on
     * with others, but what is finished was made with these.
     */
    private Map<String, String> keys(RecipeStage<?> stage) {
        Map<String, String> keys = new TreeMap<>(stage.identity());
        keys.putAll(RunIdentity.ofLength(stage.configuration()));
        keys.putAll(RunIdentity.ofDeciding(stage.configuration()));
        keys.put("command", stage.kind().command());
        return RunIdentity.inRecipe(keys, output);
    }
}
