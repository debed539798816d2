package ai.preceptor.cli.runs;

import ai.preceptor.cli.report.MetricsFile;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.rows.JsonlReader;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A run directory.
 *
 * @param directory as it was given, or found in one that was
 * @param place relative to the run directory of its recipe; empty for a run of its own
 * @param command which wrote it, where its recipe says so
 */
public record RunFolder(
        Path directory, String place, @Nullable String command) {
    /** Its configuration. */
    public static final String CONFIG = "config.yaml";
    /** Its result. */
    public static final String SUMMARY = "summary.json";
    /** What it says of itself. */
    public static final String STATUS = "status.json";

    private static final String STAGES = "stages.jsonl";
    /** Directories of a recipe between it and its stages. */
    private static final Pattern BETWEEN = Pattern.compile("(seed|round)-[0-9]+");

    private static final int MOST_BETWEEN = 2;

    /**
     * The runs in directories: each itself, or, of a recipe's, all its stages that have begun, in the order they finished.
     *
     * @throws ConfigurationException naming every directory that is neither
     */
    public static List<RunFolder> in(List<Path> directories) {
        Map<Path, RunFolder> found = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (Path directory : directories) {
            List<RunFolder> here = isRecipe(directory) ? stages(directory) : single(directory);
            if (here.isEmpty()) {
                problems.add("runs: " + directory + ": expected the directory of a run (" + CONFIG + " with "
                        + MetricsFile.NAME + " or " + SUMMARY + ") or of a recipe (" + STAGES
                        + " and directories of stages), found neither");
            }
            here.forEach(
                    run -> found.putIfAbsent(run.directory().toAbsolutePath().normalize(), run));
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(String.join("\n", problems));
        }
        return List.copyOf(found.values());
    }

    /** The run directory of its recipe; its own for a run of its own. */
    Path recipe() {
        Path recipe = directory.toAbsolutePath().normalize();
        for (int i = place.isEmpty() ? 0 : Path.of(place).getNameCount(); i > 0; i--) {
            recipe = Objects.requireNonNull(recipe.getParent(), place);
        }
        return recipe;
    }

    /** The run directory of the recipe whose stage is to have that run directory, as it is written; empty for a run of its own. */
    public static Optional<Path> recipeOf(Path directory) {
        Path above = directory.getParent();
        for (int i = 0; i <= MOST_BETWEEN && above != null; i++, above = above.getParent()) {
            if (isRecipe(above)) {
                return Optional.of(above);
            }
        }
        return Optional.empty();
    }

    private static boolean isRecipe(Path directory) {
        return Files.isRegularFile(directory.resolve(STAGES), LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isRun(Path directory) {
        return Files.isRegularFile(directory.resolve(CONFIG))
                && (Files.isRegularFile(directory.resolve(MetricsFile.NAME))
                        || Files.isRegularFile(directory.resolve(SUMMARY)));
    }

    private static List<RunFolder> single(Path directory) {
        return isRun(directory) ? List.of(of(directory)) : List.of();
    }

    /** A directory that is taken for a run's, which may be a stage of a recipe that was not named. */
    static RunFolder of(Path directory) {
        Path whole = directory.toAbsolutePath().normalize();
        Optional<Path> recipe = recipeOf(whole);
        String place = recipe.map(above -> above.relativize(whole).toString()).orElse("");
        return new RunFolder(
                directory,
                place,
                recipe.map(above -> commands(above).get(place)).orElse(null));
    }

    private static List<RunFolder> stages(Path recipe) {
        Map<String, String> commands = commands(recipe);
        List<String> places = new ArrayList<>(commands.keySet());
        List<String> others = new ArrayList<>();
        collect(recipe, recipe, MOST_BETWEEN, others);
        others.stream().filter(place -> !places.contains(place)).sorted().forEach(places::add);
        return places.stream()
                .filter(place -> isRun(recipe.resolve(place)))
                .map(place -> new RunFolder(recipe.resolve(place), place, commands.get(place)))
                .toList();
    }

    private static void collect(Path recipe, Path directory, int deeper, List<String> places) {
        try (Stream<Path> children = Files.list(directory)) {
            for (Path child : children.filter(Files::isDirectory)
                    .sorted(Comparator.comparing(Path::toString))
                    .toList()) {
                if (isRun(child)) {
                    places.add(recipe.relativize(child).toString());
                } else if (deeper > 0
                        && BETWEEN.matcher(String.valueOf(child.getFileName())).matches()) {
                    collect(recipe, child, deeper - 1, places);
                }
            }
        } catch (IOException e) {
            throw new DataException(directory + ": cannot be listed: " + e.getMessage(), e);
        }
    }

    /** The commands of the stages that a recipe has finished. */
    private static Map<String, String> commands(Path recipe) {
        Map<String, String> commands = new LinkedHashMap<>();
        for (JsonNode row : JsonlReader.committedRows(recipe.resolve(STAGES))) {
            JsonNode command = row.path("keys").path("command");
            if (command.isTextual()) {
                commands.putIfAbsent(row.path("stage").asText(), command.asText());
            }
        }
        return commands;
    }
}
