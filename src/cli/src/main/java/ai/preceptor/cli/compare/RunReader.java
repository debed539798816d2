package ai.preceptor.cli.compare;

import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.config.OutlineSection;
import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.recipe.StageKind;
import ai.preceptor.cli.report.MetricsFile;
import ai.preceptor.cli.yaml.Problems;
import ai.preceptor.cli.yaml.Raw;
import ai.preceptor.cli.yaml.YamlFile;
import ai.preceptor.data.DataException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reads what a run has left so far; it may still be running. */
final class RunReader {
    /** Settings that say where and how a run is kept and watched, and not what it computes. */
    private static final Set<String> NO_SETTINGS = Set.of(
            "output",
            "resume",
            "save_steps",
            "save_total_limit",
            "logging_steps",
            "metrics_port",
            "dashboard",
            "report_to");

    private static final String NONE = "";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<StageKind<?>> kinds;
    private final Consumer<String> notes;

    /**
     * A reader.
     *
     * @param kinds the commands that write run directories
     * @param notes gets what a person should know of a run
     */
    RunReader(List<StageKind<?>> kinds, Consumer<String> notes) {
        this.kinds = List.copyOf(kinds);
        this.notes = notes;
    }

    /**
     * Reads it.
     *
     * @throws DataException when a file is not what a run writes, naming file and line
     */
    ComparedRun read(RunFolder folder) {
        Map<String, String> written = written(folder.directory().resolve(RunFolder.CONFIG));
        StageKind<?> kind = kind(folder, written);
        Map<String, String> settings = new LinkedHashMap<>();
        // An earlier version wrote fewer keys; what a later one brought had its default.
        Resolved.defaults(kind.keys()).forEach(settings::put);
        String recipe = recipe(folder, written);
        written.forEach((key, value) -> settings.put(key, inRecipe(value, recipe)));
        settings.keySet().removeAll(NO_SETTINGS);
        settings.values().removeIf(NONE::equals);
        return new ComparedRun(
                folder.directory(),
                kind.command(),
                settings,
                columns(folder.directory().resolve(MetricsFile.NAME)),
                summary(folder.directory().resolve(RunFolder.SUMMARY)));
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

    private static JsonNode summary(Path file) {
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

    private static Map<String, String> written(Path file) {
        Problems problems = new Problems();
        Raw.Mapping raw = new YamlFile(file, problems).read();
        problems.throwIfAny();
        Map<String, String> written = new LinkedHashMap<>();
        flatten("", raw, written);
        return written;
    }

    private static void flatten(String prefix, Raw.Mapping raw, Map<String, String> into) {
        raw.fields().forEach((key, field) -> {
            if (field.value() instanceof Raw.Mapping inner) {
                flatten(prefix + key + ".", inner, into);
            } else {
                into.put(prefix + key, text(field.value()));
            }
        });
    }

    private static String text(Raw value) {
        if (value instanceof Raw.Sequence list) {
            return list.items().stream().map(RunReader::text).collect(Collectors.joining(", ", "[", "]"));
        }
        return value instanceof Raw.Scalar scalar && !scalar.isNull() ? scalar.text() : NONE;
    }

    /** The command that the recipe names, else the one that knows most of the keys, and of several that with the fewest. */
    private StageKind<?> kind(RunFolder folder, Map<String, String> written) {
        return kinds.stream()
                .filter(kind -> kind.command().equals(folder.command()))
                .findFirst()
                .orElseGet(() -> Collections.max(
                        kinds,
                        Comparator.<StageKind<?>>comparingLong(kind -> OutlineSection.keysOf(kind.keys()).stream()
                                        .filter(written::containsKey)
                                        .count())
                                .thenComparing(
                                        kind -> OutlineSection.keysOf(kind.keys())
                                                .size(),
                                        Comparator.reverseOrder())));
    }

    /** Where its recipe lay when it ran, as its configuration has it; empty for none. */
    private static String recipe(RunFolder folder, Map<String, String> written) {
        String output = written.getOrDefault("output", "");
        String place = "/" + folder.place();
        return folder.place().isEmpty() || !output.endsWith(place)
                ? ""
                : output.substring(0, output.length() - place.length()) + "/";
    }

    /** What another stage of its recipe left, whatever the recipe's directory and the seed. */
    private static String inRecipe(String value, String recipe) {
        return recipe.isEmpty() || !value.contains(recipe)
                ? value
                : value.replace(recipe, "stage:")
                        .replaceAll("stage:seed-[0-9]+/", "stage:")
                        .replaceAll("/model(?=[],]|$)", "");
    }
}
