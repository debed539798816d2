package ai.preceptor.cli.runs;

import ai.preceptor.cli.config.KeyEffects;
import ai.preceptor.cli.config.OutlineSection;
import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.yaml.Problems;
import ai.preceptor.cli.yaml.Raw;
import ai.preceptor.cli.yaml.YamlFile;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.train.experiment.RunSettings;
import ai.preceptor.train.experiment.RunSettingsReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of runs, from their {@code config.yaml}. A path to what another stage of the same recipe left is written as
 * that stage, wherever the recipe lies, with a sign made from the stage's own settings: two recipes may have a stage of one
 * name and with other settings. A user's own part is written by its file's name and digest, wherever the file lies. Of a
 * key that is not written there is the default. Safe for several threads.
 */
public final class ConfigReader implements RunSettingsReader {
    /** Only a recipe has this key. */
    private static final String STAGES = "stages";

    private static final String RECIPE = "run";
    private static final String STAGE = "stage:";
    private static final String PLUGINS = "plugins";
    private static final String NONE = "";
    private static final int SIGN = 4;
    private static final long LONGEST = 1 << 20;

    private final Map<String, Class<? extends Record>> keys;
    private final Map<String, CommandKeys> known = new ConcurrentHashMap<>();

    /** @param keys of the commands that write run directories, at least one */
    public ConfigReader(Map<String, Class<? extends Record>> keys) {
        this.keys = new LinkedHashMap<>(keys);
    }

    /**
     * Reads them.
     *
     * @throws ConfigurationException when the file cannot be read as YAML
     */
    public RunSettings of(RunFolder folder) {
        return of(folder, new HashMap<>());
    }

    private RunSettings of(RunFolder folder, Map<Path, String> signs) {
        Problems problems = new Problems();
        YamlFile file = new YamlFile(folder.directory().resolve(RunFolder.CONFIG), problems);
        return of(folder, file, file.text(), problems, signs);
    }

    @Override
    public Optional<RunSettings> read(Path directory, String config) {
        if (config.isBlank()) {
            return Optional.empty();
        }
        try {
            Problems problems = new Problems();
            YamlFile file = new YamlFile(directory.resolve(RunFolder.CONFIG), problems);
            return Optional.of(of(RunFolder.of(directory), file, config, problems, new HashMap<>()));
        } catch (ConfigurationException | DataException e) {
            log().debug("the configuration of {} cannot be read", directory, e);
            return Optional.empty();
        }
    }

    private RunSettings of(RunFolder folder, YamlFile file, String config, Problems problems, Map<Path, String> signs) {
        Raw.Mapping raw = file.parse(new StringReader(config));
        problems.throwIfAny();
        Map<String, String> own = OwnParts.of(config);
        Map<String, String> written = new LinkedHashMap<>();
        flatten("", raw, own, written);
        if (!own.isEmpty()) {
            written.remove(PLUGINS); // the parts say which jars they come with
        }
        if (raw.fields().containsKey(STAGES)) {
            return new RunSettings(RECIPE, written);
        }
        String command = command(folder, written);
        CommandKeys known = known(command);
        // An earlier version wrote fewer keys; what a later one brought had its default.
        Map<String, String> values = new LinkedHashMap<>(known.defaults());
        String recipe = recipe(folder, written);
        written.forEach((key, value) ->
                values.put(key, recipe.isEmpty() ? value : inRecipe(value, recipe, folder.recipe(), signs)));
        values.keySet().removeIf(key -> !known.effects().of(key).isCompared());
        values.values().removeIf(NONE::equals);
        return new RunSettings(command, values);
    }

    private static void flatten(String prefix, Raw.Mapping raw, Map<String, String> own, Map<String, String> into) {
        raw.fields().forEach((key, field) -> {
            if (field.value() instanceof Raw.Mapping inner) {
                flatten(prefix + key + ".", inner, own, into);
            } else {
                into.put(prefix + key, text(prefix + key, field.value(), own));
            }
        });
    }

    private static String text(String key, Raw value, Map<String, String> own) {
        if (value instanceof Raw.Sequence list) {
            return IntStream.range(0, list.items().size())
                    .mapToObj(i -> text(key + "[" + i + "]", list.items().get(i), own))
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        String part = own.get(key);
        if (part != null) {
            return part;
        }
        return value instanceof Raw.Scalar scalar && !scalar.isNull() ? scalar.text() : NONE;
    }

    /** What the recipe names, else the one that knows most of the keys, and of several that with the fewest. */
    private String command(RunFolder folder, Map<String, String> written) {
        String told = folder.command();
        if (told != null && keys.containsKey(told)) {
            return told;
        }
        return Collections.max(
                keys.keySet(),
                Comparator.<String>comparingLong(command -> known(command).names().stream()
                                .filter(written::containsKey)
                                .count())
                        .thenComparing(command -> known(command).names().size(), Comparator.reverseOrder()));
    }

    private CommandKeys known(String command) {
        return known.computeIfAbsent(command, name -> CommandKeys.of(Objects.requireNonNull(keys.get(name))));
    }

    /** What is known of a command's keys. */
    private record CommandKeys(List<String> names, Map<String, String> defaults, KeyEffects effects) {
        static CommandKeys of(Class<? extends Record> type) {
            return new CommandKeys(OutlineSection.keysOf(type), Resolved.defaults(type), KeyEffects.of(type));
        }
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
    private String inRecipe(String value, String recipe, Path directory, Map<Path, String> signs) {
        return Pattern.compile(Pattern.quote(recipe) + "([^\\],]+)")
                .matcher(value)
                .replaceAll(found -> Matcher.quoteReplacement(stage(found, directory, signs)));
    }

    private String stage(MatchResult found, Path directory, Map<Path, String> signs) {
        String place = found.group(1);
        String sign = "";
        for (Path stage = inside(directory, place); stage != null && sign.isEmpty(); stage = stage.getParent()) {
            if (isConfig(directory.resolve(stage).resolve(RunFolder.CONFIG))) {
                sign = sign(new RunFolder(directory.resolve(stage), stage.toString(), null), signs);
            }
        }
        return STAGE
                + place.replaceFirst("^seed-[0-9]+/", "").replaceFirst("/model$", "")
                + (sign.isEmpty() ? "" : " (" + sign + ")");
    }

    /** The place as a path that does not leave the recipe's directory, also not by a link; null for another text. */
    private static @Nullable Path inside(Path recipe, String place) {
        try {
            Path path = Path.of(place).normalize();
            Path whole = recipe.resolve(path);
            boolean isInside = !path.isAbsolute() && whole.startsWith(recipe) && !path.startsWith("..");
            if (isInside && Files.exists(whole)) {
                isInside = whole.toRealPath().startsWith(recipe.toRealPath());
            }
            return isInside ? path : null;
        } catch (InvalidPathException | IOException e) {
            log().debug("{} is no place in {}", place, recipe, e);
            return null;
        }
    }

    private static boolean isConfig(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && file.toFile().length() <= LONGEST;
    }

    /** Told apart by their settings; which are no secret, so that a few digits are enough. */
    private String sign(RunFolder folder, Map<Path, String> signs) {
        Path key = folder.directory().toAbsolutePath().normalize();
        String known = signs.get(key);
        if (known == null) {
            signs.put(key, "?"); // a configuration that refers to itself was not written by a recipe
            RunSettings settings = of(folder, signs).withoutSeed();
            known = Sha256.of(settings.command() + new TreeMap<>(settings.values()))
                    .substring(0, SIGN);
            signs.put(key, known);
        }
        return known;
    }

    /** Not a constant: the list of commands has a reader, and setting up the logging takes 0.2 s. */
    private static Logger log() {
        return LoggerFactory.getLogger(ConfigReader.class);
    }
}
