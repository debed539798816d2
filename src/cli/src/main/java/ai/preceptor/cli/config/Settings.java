package ai.preceptor.cli.config;

import ai.preceptor.cli.yaml.Origin;
import ai.preceptor.cli.yaml.Overrides;
import ai.preceptor.cli.yaml.Problems;
import ai.preceptor.cli.yaml.Raw;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.cli.yaml.YamlFile;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of a configuration and reads them into a record. Later parts win over earlier ones: the file, then
 * {@code key=value} arguments, then values set from Java.
 *
 * <pre>{@code
 * RankConfig config = Settings.of(RankConfig.class).file(yaml).arguments(List.of("beta=0.2")).read();
 * RankConfig same = Settings.of(RankConfig.class).with("model", student).with("data", pairs).read();
 * }</pre>
 *
 * @param <R> the record: each component has {@link Key}, {@link Group} or {@link Section}
 */
public final class Settings<R extends Record> {
    private final Class<R> type;
    private final @Nullable Path file;
    private final List<String> arguments;
    private final List<Set> values;
    private final References references;

    private record Set(String key, Object value) {}

    private Settings(
            Class<R> type, @Nullable Path file, List<String> arguments, List<Set> values, References references) {
        this.type = type;
        this.file = file;
        this.arguments = arguments;
        this.values = values;
        this.references = references;
    }

    /** Nothing but the defaults of {@code type}. */
    public static <R extends Record> Settings<R> of(Class<R> type) {
        return new Settings<>(type, null, List.of(), List.of(), References.NONE);
    }

    /** These settings on top of a YAML file. */
    public Settings<R> file(Path yaml) {
        return new Settings<>(type, yaml, arguments, values, references);
    }

    /** These settings with {@code key=value} arguments in place of any given before. */
    public Settings<R> arguments(List<String> keyValues) {
        return new Settings<>(type, file, List.copyOf(keyValues), values, references);
    }

    /**
     * These settings with one key set.
     *
     * @param key full dotted name, as in YAML
     * @param value a number, boolean, enum constant, path, text, or list of these
     */
    public Settings<R> with(String key, Object value) {
        List<Set> more = new ArrayList<>(values);
        more.add(new Set(key, value));
        return new Settings<>(type, file, arguments, List.copyOf(more), references);
    }

    /** These settings with {@code other} in place of what paths could be written as before. */
    public Settings<R> references(References other) {
        return new Settings<>(type, file, arguments, values, other);
    }

    /**
     * Reads and checks everything.
     *
     * @throws ConfigurationException naming every problem, one a line: position, full key, received value, what is legal,
     *     and the nearest known key
     */
    public R read() {
        Problems problems = new Problems();
        Origin nowhere = file == null ? Origin.COMMAND_LINE : Origin.of(file.toString());
        Raw.Mapping raw = file == null ? Raw.Mapping.empty(nowhere) : new YamlFile(file, problems).read();
        raw = raw.overlaid(new Overrides(problems).read(arguments));
        for (Set one : values) {
            raw = raw.overlaid(new Given(one.key).raw(one.value));
        }
        if (!values.isEmpty() && file == null && arguments.isEmpty()) {
            nowhere = Origin.of("settings");
        }
        PathUses paths = new PathUses(file);
        Record made = new Binder(Schema.of(type), nowhere, problems, "", references, paths).bind(raw);
        paths.refuseSharedOutputs(problems);
        paths.refuseOverwriting(problems);
        problems.throwIfAny();
        return type.cast(made);
    }
}
