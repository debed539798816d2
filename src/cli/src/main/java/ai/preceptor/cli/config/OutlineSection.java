package ai.preceptor.cli.config;

import ai.preceptor.cli.yaml.Problems;
import ai.preceptor.cli.yaml.Raw;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.data.setting.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A section of an {@link Outline}. What is wrong goes to the outline's problems; nothing here throws. */
public final class OutlineSection {
    private final Problems problems;
    private final PathUses paths;
    private final String path;
    private final String name;
    private final Raw.Mapping raw;

    OutlineSection(Problems problems, PathUses paths, String path, String name, Raw.Mapping raw) {
        this.problems = problems;
        this.paths = paths;
        this.path = path;
        this.name = name;
        this.raw = raw;
    }

    /** The keys of a configuration record, at its own level. */
    public static List<String> keysOf(Class<? extends Record> type) {
        return Schema.of(type).names();
    }

    /** Last part of its path; empty for the whole. */
    public String name() {
        return name;
    }

    /** Keys in the order written. */
    public List<String> names() {
        return List.copyOf(raw.fields().keySet());
    }

    /** The text of a key; nothing, which may be a problem, when it has none. */
    public Optional<String> text(String key) {
        Raw.Field field = raw.fields().get(key);
        if (field == null) {
            return Optional.empty();
        }
        if (field.value() instanceof Raw.Scalar scalar && !scalar.isNull()) {
            return Optional.of(scalar.text());
        }
        problems.add(
                field.value().origin(),
                full(key),
                "expected text, found " + field.value().shown());
        return Optional.empty();
    }

    /** What is written under a key that has a text or a list of texts; empty for another. */
    public List<String> texts(String key) {
        Raw.Field field = raw.fields().get(key);
        Raw value = field == null ? null : field.value();
        List<Raw> items =
                value instanceof Raw.Sequence list ? list.items() : value == null ? List.of() : List.of(value);
        List<String> texts = new ArrayList<>();
        for (Raw item : items) {
            if (item instanceof Raw.Scalar scalar && !scalar.isNull()) {
                texts.add(scalar.text());
            }
        }
        return texts;
    }

    /** The sections under a key, in the order written; what is no section is a problem. */
    public List<OutlineSection> sections(String key) {
        List<OutlineSection> sections = new ArrayList<>();
        Raw.Field field = raw.fields().get(key);
        if (field == null) {
            return sections;
        }
        if (!(field.value() instanceof Raw.Mapping mapping)) {
            refuse(key, "expected sections by name, found " + field.value().shown());
            return sections;
        }
        mapping.fields().forEach((innerName, inner) -> {
            String innerPath = full(key) + "." + innerName;
            if (inner.value() instanceof Raw.Mapping section) {
                sections.add(new OutlineSection(problems, paths, innerPath, innerName, section));
            } else {
                problems.add(
                        inner.keyOrigin(),
                        innerPath,
                        "expected a section with keys of its own, found "
                                + inner.value().shown());
            }
        });
        return sections;
    }

    /** Records a problem with the value of a key, or with this section if the key is missing. */
    public void refuse(String key, String message) {
        Raw.Field field = raw.fields().get(key);
        problems.add(field == null ? raw.origin() : field.value().origin(), full(key), message);
    }

    /** Notes that a key should not be here. */
    public void refuseKey(String key, String message) {
        Raw.Field field = raw.fields().get(key);
        problems.add(field == null ? raw.origin() : field.keyOrigin(), full(key), message);
    }

    /**
     * Notes keys that are not known: with what another program means by them, else the nearest known keys.
     *
     * @param why they are not
     */
    public void refuseUnknown(Collection<String> known, String why) {
        raw.fields().forEach((key, field) -> {
            if (!known.contains(key)) {
                String meant = UnknownKeys.foreign(key, field, known)
                        .map(foreign -> "; " + UnknownKeys.told(foreign, field))
                        .orElseGet(() -> new Nearest(known).severalHint(key));
                if (meant.isEmpty()) {
                    problems.hint("known keys: " + String.join(", ", known));
                }
                refuseKey(key, "unknown key: " + why + meant);
            }
        });
    }

    /** Notes that the section itself will not do. */
    public void refuseSelf(String message) {
        problems.add(raw.origin(), path, message);
    }

    /** This section without some keys. */
    public OutlineSection without(Collection<String> keys) {
        Map<String, Raw.Field> kept = new LinkedHashMap<>(raw.fields());
        kept.keySet().removeAll(keys);
        return new OutlineSection(problems, paths, path, name, new Raw.Mapping(kept, raw.origin()));
    }

    /** This section with nothing but some keys. */
    public OutlineSection only(Collection<String> keys) {
        Map<String, Raw.Field> kept = new LinkedHashMap<>(raw.fields());
        kept.keySet().retainAll(keys);
        return new OutlineSection(problems, paths, path, name, new Raw.Mapping(kept, raw.origin()));
    }

    /** This section on top of {@code defaults}, whose place does not matter. */
    public OutlineSection over(OutlineSection defaults) {
        Raw.Mapping merged = defaults.raw.overlaid(raw);
        return new OutlineSection(problems, paths, path, name, new Raw.Mapping(merged.fields(), raw.origin()));
    }

    /** This section with one key set, see {@link Settings#with}. */
    public OutlineSection with(String key, Object value) {
        return new OutlineSection(problems, paths, path, name, raw.overlaid(new Given(key).raw(value)));
    }

    /** This section under another name. */
    OutlineSection named(String other) {
        return new OutlineSection(problems, paths, path, other, raw);
    }

    /** The fields under a key; nothing, which is a problem, when it has others. */
    Map<String, Raw.Field> mapping(String key) {
        Raw.Field field = raw.fields().get(key);
        if (field != null
                && field.value() instanceof Raw.Mapping mapping
                && !mapping.fields().isEmpty()) {
            return mapping.fields();
        }
        refuse(
                key,
                "expected keys with a list of values each, found "
                        + (field == null ? "none" : field.value().shown()));
        return Map.of();
    }

    /** This section with one key set as it is written elsewhere. */
    OutlineSection with(String key, Raw.Field from, Raw value) {
        Map<String, Raw.Field> fields = new LinkedHashMap<>(raw.fields());
        fields.put(key, new Raw.Field(from.keyOrigin(), value));
        return new OutlineSection(problems, paths, path, name, new Raw.Mapping(fields, raw.origin()));
    }

    /** This section with every text in a list replaced by others. */
    OutlineSection withItems(Function<String, List<String>> others) {
        Map<String, Raw.Field> fields = new LinkedHashMap<>();
        raw.fields()
                .forEach((key, field) -> fields.put(
                        key,
                        field.value() instanceof Raw.Sequence list
                                ? new Raw.Field(field.keyOrigin(), replaced(list, others))
                                : field));
        return new OutlineSection(problems, paths, path, name, new Raw.Mapping(fields, raw.origin()));
    }

    private static Raw.Sequence replaced(Raw.Sequence list, Function<String, List<String>> others) {
        List<Raw> items = new ArrayList<>();
        for (Raw item : list.items()) {
            if (item instanceof Raw.Scalar scalar && !scalar.isNull()) {
                others.apply(scalar.text())
                        .forEach(text -> items.add(new Raw.Scalar(text, scalar.quoted(), scalar.origin())));
            } else {
                items.add(item);
            }
        }
        return new Raw.Sequence(items, list.origin());
    }

    /**
     * This section as a record; meaningless, with stand-ins for what was refused, when there are problems.
     *
     * @param references what paths may be written as
     */
    public <R extends Record> R read(Class<R> type, References references) {
        PathUses own = new PathUses(null);
        Binder binder =
                new Binder(Schema.of(type), raw.origin(), problems, path.isEmpty() ? "" : path + ".", references, own);
        R made = type.cast(binder.bind(raw));
        own.refuseSharedOutputs(problems);
        paths.addAll(own);
        return made;
    }

    private String full(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
