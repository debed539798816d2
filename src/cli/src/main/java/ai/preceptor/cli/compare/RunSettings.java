package ai.preceptor.cli.compare;

import ai.preceptor.cli.config.OutlineSection;
import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.recipe.StageKind;
import ai.preceptor.cli.yaml.Problems;
import ai.preceptor.cli.yaml.Raw;
import ai.preceptor.cli.yaml.YamlFile;
import ai.preceptor.data.files.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings of runs, from their {@code config.yaml}. A path to what another stage of the same recipe left is written as
 * that stage, wherever the recipe lies, with a sign made from the stage's own settings: two recipes may have a stage of one
 * name and with other settings.
 */
final class RunSettings {
    /** Settings that say where and how a run is kept and watched, and not what it computes. */
    private static final Set<String> OUTSIDE = Set.of(
            "output",
            "resume",
            "save_steps",
            "save_total_limit",
            "logging_steps",
            "metrics_port",
            "dashboard",
            "dashboard_port",
            "otlp_url",
            "report_to",
            "api_key_env",
            "teacher_concurrency",
            "teacher_rpm",
            "teacher_tpm",
            "teacher_timeout",
            "teacher_retries",
            "teacher_ledger",
            "teacher_cache",
            "prompt_price",
            "completion_price",
            "max_cost");

    private static final String STAGE = "stage:";
    private static final String NONE = "";
    private static final int SIGN = 4;

    private final List<StageKind<?>> kinds;
    private final Map<Path, String> signs = new HashMap<>();

    /** @param kinds the commands that write run directories */
    RunSettings(List<StageKind<?>> kinds) {
        this.kinds = List.copyOf(kinds);
    }

    /**
     * What a configuration says.
     *
     * @param command which it is of
     * @param values of its keys; of those that are not set, none
     */
    record Settings(String command, Map<String, String> values) {
        /** The same without the seed, as one text. */
        String withoutSeed() {
            Map<String, String> sorted = new TreeMap<>(values);
            sorted.remove(ComparedRun.SEED);
            return command + sorted;
        }
    }

    /**
     * Reads them.
     *
     * @throws ai.preceptor.data.ConfigurationException when the file cannot be read as YAML
     */
    Settings of(RunFolder folder) {
        Map<String, String> written = written(folder.directory().resolve(RunFolder.CONFIG));
        StageKind<?> kind = kind(folder, written);
        // An earlier version wrote fewer keys; what a later one brought had its default.
        Map<String, String> values = new LinkedHashMap<>(Resolved.defaults(kind.keys()));
        String recipe = recipe(folder, written);
        written.forEach(
                (key, value) -> values.put(key, recipe.isEmpty() ? value : inRecipe(value, recipe, folder.recipe())));
        values.keySet().removeAll(OUTSIDE);
        values.values().removeIf(NONE::equals);
        return new Settings(kind.command(), values);
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
            return list.items().stream().map(RunSettings::text).collect(Collectors.joining(", ", "[", "]"));
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

    /** With every path into the recipe's run directory as a stage. */
    private String inRecipe(String value, String recipe, Path directory) {
        return Pattern.compile(Pattern.quote(recipe) + "([^\\],]+)")
                .matcher(value)
                .replaceAll(found -> Matcher.quoteReplacement(stage(found, directory)));
    }

    private String stage(MatchResult found, Path directory) {
        String place = found.group(1);
        String sign = "";
        for (Path stage = Path.of(place); stage != null && sign.isEmpty(); stage = stage.getParent()) {
            if (Files.isRegularFile(directory.resolve(stage).resolve(RunFolder.CONFIG))) {
                sign = sign(new RunFolder(directory.resolve(stage), stage.toString(), null));
            }
        }
        return STAGE
                + place.replaceFirst("^seed-[0-9]+/", "").replaceFirst("/model$", "")
                + (sign.isEmpty() ? "" : " (" + sign + ")");
    }

    /** Told apart by their settings; which are no secret, so that a few digits are enough. */
    private String sign(RunFolder folder) {
        Path key = folder.directory().toAbsolutePath().normalize();
        String known = signs.get(key);
        if (known == null) {
            signs.put(key, "?"); // a configuration that refers to itself was not written by a recipe
            known = Sha256.of(of(folder).withoutSeed()).substring(0, SIGN);
            signs.put(key, known);
        }
        return known;
    }
}
