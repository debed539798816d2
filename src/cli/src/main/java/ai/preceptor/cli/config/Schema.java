package ai.preceptor.cli.config;

import ai.preceptor.cli.plugin.PartOf;
import ai.preceptor.cli.yaml.Origin;
import ai.preceptor.cli.yaml.Overrides;
import ai.preceptor.cli.yaml.Raw;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.Section;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a configuration record, in order.
 *
 * @param type the record
 * @param entries one per component, in order
 */
record Schema(Class<? extends Record> type, List<Entry> entries) {
    /** One component of the record. */
    sealed interface Entry {}

    /**
     * A key.
     *
     * @param defaultValue its default as written in YAML, empty for none
     * @param conditional those that take its place where another key has a value
     * @param nullable whether the component may be null
     */
    record KeyEntry(
            String name, Key key, ValueType type, String defaultValue, List<DefaultIf> conditional, boolean nullable)
            implements Entry {
        /** The default, which there is, before it has a type. */
        Raw rawDefault() {
            return Overrides.value(defaultValue, Origin.of("default"));
        }

        /** Whether there is a default in a section as it was written. */
        boolean hasDefault(Raw.Mapping section) {
            return !defaultValue.isEmpty() || conditional.stream().anyMatch(one -> one.holds(section));
        }

        /** The default, which there is, in a section as it was written. */
        Raw rawDefault(Raw.Mapping section) {
            return conditional.stream()
                    .filter(one -> one.holds(section))
                    .findFirst()
                    .map(DefaultIf::raw)
                    .orElseGet(this::rawDefault);
        }

        /** The default in words, where it has no value; empty if there is none. */
        String defaultText() {
            return defaultValue.isEmpty() ? key.defaultText() : "";
        }

        /** What the key means, and its default if that is said in words. */
        String helpText() {
            return key.help() + (defaultText().isEmpty() ? "" : "; default: " + defaultText());
        }

        /** @throws IllegalStateException when it is not legal: a mistake in the annotation */
        Object readDefault() {
            try {
                return type.read(rawDefault());
            } catch (ValueType.Mismatch e) {
                throw new IllegalStateException(name + " has a default that is not legal: " + e.told(), e);
            }
        }
    }

    /** A record whose keys stand among this record's own. */
    record GroupEntry(String title, Schema schema) implements Entry {}

    /** A record whose keys are nested under {@code name}. */
    record SectionEntry(String name, String help, KeyEffect effect, Schema schema, boolean nullable) implements Entry {}

    /** @throws IllegalArgumentException when a component lacks its annotation or a default names no key */
    static Schema of(Class<? extends Record> type) {
        return of(type, new DefaultOverrides(null));
    }

    private static Schema of(Class<? extends Record> type, DefaultOverrides overrides) {
        List<Entry> entries = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            entries.add(entry(component, overrides));
        }
        overrides.checkUsed(type);
        return new Schema(type, List.copyOf(entries));
    }

    private static Entry entry(RecordComponent component, DefaultOverrides overrides) {
        String name = KeyName.of(component);
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        Group group = component.getAnnotation(Group.class);
        if (group != null) {
            List<DefaultIf> conditional =
                    Arrays.stream(group.defaultsIf()).map(DefaultIf::of).toList();
            DefaultOverrides inner = new DefaultOverrides(overrides, conditional, group.defaults());
            return new GroupEntry(group.title(), of(record(component), inner));
        }
        Section section = component.getAnnotation(Section.class);
        if (section != null) {
            DefaultOverrides inner = new DefaultOverrides(null, section.defaults());
            return new SectionEntry(name, section.help(), section.effect(), of(record(component), inner), nullable);
        }
        Key key = component.getAnnotation(Key.class);
        if (key == null) {
            throw new IllegalArgumentException(component + " has neither @Key nor @Group nor @Section");
        }
        String defaultValue = overrides.of(name, key.defaultValue());
        if (defaultValue.isEmpty() && !key.required() && !nullable) {
            throw new IllegalArgumentException(component + " has no default and is neither required nor nullable");
        }
        PartOf part = component.getAnnotation(PartOf.class);
        ValueType type = part == null ? ValueTypes.of(component.getGenericType(), key) : parts(component, part);
        return new KeyEntry(name, key, type, defaultValue, overrides.conditional(name), nullable);
    }

    /** A part, or a list of parts. */
    private static ValueType parts(RecordComponent component, PartOf part) {
        ValueType one = PartValue.of(part);
        return component.getType() == List.class ? new ValueTypes.ListValue(one) : one;
    }

    /** Names of every key and section written at this record's level, groups included. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry instanceof KeyEntry key) {
                names.add(key.name());
            } else if (entry instanceof SectionEntry section) {
                names.add(section.name());
            } else if (entry instanceof GroupEntry group) {
                names.addAll(group.schema().names());
            }
        }
        return names;
    }

    /** Full dotted path of every key. */
    List<String> paths() {
        List<String> paths = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry instanceof KeyEntry key) {
                paths.add(key.name());
            } else if (entry instanceof SectionEntry section) {
                section.schema().paths().forEach(path -> paths.add(section.name() + "." + path));
            } else if (entry instanceof GroupEntry group) {
                paths.addAll(group.schema().paths());
            }
        }
        return paths;
    }

    private static Class<? extends Record> record(RecordComponent component) {
        return component.getType().asSubclass(Record.class);
    }
}
