package ai.preceptor.cli.config;

import ai.preceptor.cli.plugin.OwnPart;
import ai.preceptor.cli.plugin.Written;
import ai.preceptor.cli.yaml.YamlText;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.KeyName;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Converts a configuration record back to YAML values, defaults included. */
public final class Resolved {
    private final Record configuration;

    /** @param configuration a record that {@link Settings} can read */
    public Resolved(Record configuration) {
        this.configuration = configuration;
    }

    /**
     * Keys in order; a section is a map of its own. Values are numbers, booleans, texts, null, and lists and maps of
     * these. {@code Settings} reads the same record from it.
     */
    public Map<String, @Nullable Object> toMap() {
        return map(configuration, Written::written);
    }

    /** It as YAML, which {@code Settings} reads back. */
    public String toYaml() {
        return new YamlText(toMap()).toString();
    }

    /** The same, with what a resumed run must have again in the place of what was written. */
    public Map<String, @Nullable Object> identity() {
        return map(configuration, Written::identity);
    }

    /**
     * What {@link #identity} has for every key outside of sections that has a default and is not given, as text.
     *
     * @param type a record that {@link Settings} can read
     */
    public static Map<String, String> defaults(Class<? extends Record> type) {
        Map<String, String> defaults = new LinkedHashMap<>();
        collect(Schema.of(type), defaults);
        return defaults;
    }

    private static void collect(Schema schema, Map<String, String> defaults) {
        for (Schema.Entry entry : schema.entries()) {
            if (entry instanceof Schema.GroupEntry group) {
                collect(group.schema(), defaults);
            } else if (entry instanceof Schema.KeyEntry key
                    && !key.defaultValue().isEmpty()) {
                defaults.put(key.name(), String.valueOf(plain(key.readDefault())));
            }
        }
    }

    /**
     * Keys that are not at their defaults, by full dotted name, in order; without those that are not given.
     *
     * @param place what is said of a path
     */
    public Map<String, Object> changes(Function<Path, String> place) {
        Map<String, Object> changes = new LinkedHashMap<>();
        change(configuration, Schema.of(configuration.getClass()), "", place, changes);
        return changes;
    }

    private static void change(
            Record made, Schema schema, String prefix, Function<Path, String> place, Map<String, Object> changes) {
        RecordComponent[] components = made.getClass().getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            Object value = value(made, components[i]);
            Schema.Entry entry = schema.entries().get(i);
            if (entry instanceof Schema.GroupEntry group && value instanceof Record inner) {
                change(inner, group.schema(), prefix, place, changes);
            } else if (entry instanceof Schema.SectionEntry section && value instanceof Record inner) {
                change(inner, section.schema(), prefix + section.name() + ".", place, changes);
            } else if (entry instanceof Schema.KeyEntry key && value != null && !isDefault(key, value)) {
                changes.put(prefix + key.name(), shown(value, place));
            }
        }
    }

    private static boolean isDefault(Schema.KeyEntry key, Object value) {
        return !key.defaultValue().isEmpty() && plain(value).equals(plain(key.readDefault()));
    }

    private static Object shown(Object value, Function<Path, String> place) {
        if (value instanceof List<?> list) {
            return list.stream().map(one -> shown(one, place)).toList();
        }
        if (value instanceof Written written && written.file() != null) {
            return place.apply(written.file());
        }
        return value instanceof Path path ? place.apply(path) : plain(value);
    }

    /** The users' own parts, by full dotted key. */
    public Map<String, OwnPart> ownParts() {
        Map<String, OwnPart> found = new LinkedHashMap<>();
        find(configuration, "", found);
        return found;
    }

    private static void find(Record made, String prefix, Map<String, OwnPart> found) {
        for (RecordComponent component : made.getClass().getRecordComponents()) {
            Object value = value(made, component);
            String key = prefix + KeyName.of(component);
            if (value instanceof OwnPart own) {
                found.put(key, own);
            } else if (value instanceof List<?> list) {
                for (int i = 0; i < list.size(); i++) {
                    if (list.get(i) instanceof OwnPart own) {
                        found.put(key + "[" + i + "]", own);
                    }
                }
            } else if (value instanceof Record inner && !(value instanceof Written)) {
                find(inner, component.isAnnotationPresent(Group.class) ? prefix : key + ".", found);
            }
        }
    }

    private static Map<String, @Nullable Object> map(Record made, Function<Written, String> text) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (RecordComponent component : made.getClass().getRecordComponents()) {
            Object value = value(made, component);
            if (component.isAnnotationPresent(Group.class) && value instanceof Record group) {
                map.putAll(map(group, text));
            } else {
                map.put(KeyName.of(component), value == null ? null : plain(value, text));
            }
        }
        return map;
    }

    /** A value as YAML or JSON has it. */
    static Object plain(Object value) {
        return plain(value, Written::written);
    }

    private static Object plain(Object value, Function<Written, String> text) {
        if (value instanceof Written written) {
            return text.apply(written);
        }
        if (value instanceof Record section) {
            return map(section, text);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(one -> plain(one, text)).toList();
        }
        if (value instanceof Enum<?> choice) {
            return KeyName.of(choice);
        }
        return value instanceof Path path ? path.toString() : value;
    }

    private static @Nullable Object value(Record made, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(made);
        } catch (InvocationTargetException | IllegalAccessException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
