package ai.preceptor.cli.config;

import ai.preceptor.cli.plugin.Written;
import ai.preceptor.cli.yaml.Origin;
import ai.preceptor.cli.yaml.Problems;
import ai.preceptor.cli.yaml.Raw;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.cli.yaml.UnknownReferenceException;
import ai.preceptor.data.Problem;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.data.setting.RefusedSettingsException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds the record that a {@link Schema} describes from {@link Raw} values, collecting every problem. */
final class Binder {
    private final Schema root;
    private final Origin nowhere;
    private final Problems problems;
    private final String base;
    private final References references;
    private final PathUses paths;
    /** Keys of records that refused their values: what others find in the stand-in need not be what was written. */
    private final Set<String> standIns = new HashSet<>();
    /** What models start from that are not there yet. */
    private final Map<Path, Path> starts = new HashMap<>();

    private final Set<Path> rewardModels = new HashSet<>();

    /**
     * A binder.
     *
     * @param nowhere named as the position of a required key that was not given
     * @param base path of the section that {@code root} describes, ending in a dot; empty for a whole configuration
     * @param references what paths may be written as
     * @param paths gets every path that is there now; not what will be there by the time it is needed
     */
    Binder(Schema root, Origin nowhere, Problems problems, String base, References references, PathUses paths) {
        this.root = root;
        this.nowhere = nowhere;
        this.problems = problems;
        this.base = base;
        this.references = references;
        this.paths = paths;
    }

    /** The record; meaningless, with stand-ins for what was refused, when there are problems. */
    Record bind(Raw.Mapping raw) {
        return section(root, raw, base);
    }

    private Record section(Schema schema, Raw.Mapping raw, String prefix) {
        UnknownKeys unknown = new UnknownKeys(root, base, problems);
        unknown.refuse(schema, raw, prefix);
        return record(schema, raw, prefix);
    }

    private Record record(Schema schema, Raw.Mapping raw, String prefix) {
        List<@Nullable Object> arguments = new ArrayList<>();
        for (Schema.Entry entry : schema.entries()) {
            if (entry instanceof Schema.KeyEntry key) {
                arguments.add(value(key, raw, prefix + key.name()));
            } else if (entry instanceof Schema.GroupEntry group) {
                arguments.add(record(group.schema(), raw, prefix));
            } else if (entry instanceof Schema.SectionEntry section) {
                arguments.add(nested(section, raw.fields().get(section.name()), prefix + section.name()));
            }
        }
        Record made = made(schema, arguments.toArray(), raw, prefix);
        if (made instanceof Checked checked) {
            checked.check(checks(raw, prefix));
        }
        return made;
    }

    private Checks checks(Raw.Mapping raw, String prefix) {
        return new Checks() {
            @Override
            public void refuse(String key, String message) {
                Binder.this.refuse(raw, prefix, key, message);
            }

            @Override
            public Path startOf(Path model) {
                return starts.getOrDefault(model, model);
            }

            @Override
            public boolean isRewardModel(Path model) {
                return rewardModels.contains(model);
            }
        };
    }

    /** The record, or if it refuses its values one with defaults in their place, so that the others can be checked. */
    private Record made(Schema schema, @Nullable Object[] arguments, Raw.Mapping raw, String prefix) {
        try {
            return construct(schema.type(), arguments);
        } catch (RefusedSettingsException refused) {
            List<String> keys = new ArrayList<>();
            for (Problem problem : refused.problems()) {
                refuse(raw, prefix, problem.key(), problem.message());
                keys.add(problem.key());
            }
            schema.names().forEach(name -> standIns.add(prefix + name));
            return standIn(schema, arguments, keys, prefix);
        }
    }

    private Record standIn(Schema schema, @Nullable Object[] arguments, List<String> refused, String prefix) {
        @Nullable Object[] legal = arguments.clone();
        for (int i = 0; i < legal.length; i++) {
            if (schema.entries().get(i) instanceof Schema.KeyEntry key && refused.contains(key.name())) {
                legal[i] = legal(key);
            } else if (schema.entries().get(i) instanceof Schema.SectionEntry section && section.nullable()) {
                legal[i] = null;
            }
        }
        try {
            return construct(schema.type(), legal);
        } catch (RefusedSettingsException more) {
            if (refused.size() == schema.names().size()) {
                throw new IllegalStateException(schema.type() + " refuses its own defaults", more);
            }
            return standIn(schema, arguments, schema.names(), prefix);
        }
    }

    private static @Nullable Object legal(Schema.KeyEntry key) {
        Object otherwise = key.nullable() ? null : key.type().placeholder();
        return key.defaultValue().isEmpty() ? otherwise : key.readDefault();
    }

    private void refuse(Raw.Mapping raw, String prefix, String key, String message) {
        Raw.Field field = raw.fields().get(key);
        boolean explained = field == null && problems.isExplained(prefix + key);
        if (!explained && !problems.concern(prefix + key) && !standIns.contains(prefix + key)) {
            problems.add(field == null ? nowhere : field.value().origin(), prefix + key, message);
        }
    }

    private @Nullable Object value(Schema.KeyEntry key, Raw.Mapping section, String path) {
        Raw.Field field = section.fields().get(key.name());
        Raw given = field == null ? null : field.value();
        if (given != null && isNull(given) && key.nullable()) {
            return null;
        }
        if ((given == null || isNull(given)) && !key.hasDefault(section)) {
            if (!key.nullable() && !problems.isExplained(path)) {
                problems.add(
                        nowhere,
                        path,
                        "required but not given; expected " + key.type().expected());
            }
            return key.nullable() ? null : key.type().placeholder();
        }
        return read(
                key.type().beside(section),
                key.key().path(),
                given == null || isNull(given) ? key.rawDefault(section) : given,
                path);
    }

    private Object read(ValueType type, PathKind kind, Raw raw, String path) {
        try {
            Raw referred = referred(raw, kind);
            Object value = type.read(referred);
            note(referred, value, kind, path);
            return value;
        } catch (UnknownReferenceException e) {
            problems.add(raw.origin(), path, e.told() + ", found " + raw.shown());
            return type.placeholder();
        } catch (ValueType.Mismatch e) {
            String meant = UnknownKeys.meant(path.substring(path.lastIndexOf('.') + 1), raw);
            e.told().lines().forEach(line -> problems.add(e.origin(), path, line + meant));
            return type.placeholder();
        }
    }

    private void note(Raw raw, Object value, PathKind kind, String path) {
        if (raw instanceof Raw.Sequence sequence && value instanceof List<?> values) {
            for (int i = 0; i < values.size(); i++) {
                note(sequence.items().get(i), values.get(i), kind, path);
            }
        } else if (raw instanceof Raw.Sequence sequence && value instanceof Path) {
            for (Raw item : sequence.items()) {
                noteOne(item, kind, path);
            }
        } else if (value instanceof List<?> lone && lone.size() == 1) {
            note(raw, lone.get(0), kind, path);
        } else if (value instanceof Path one
                && !(raw instanceof Raw.Referred referred && referred.place().promised() != null)) {
            paths.add(new PathUse(path, one, kind, raw.origin()));
        } else if (value instanceof Written written && written.file() != null) {
            paths.add(new PathUse(path, written.file(), PathKind.FILE, raw.origin()));
        }
    }

    /** One of several paths that are written as one value. */
    private void noteOne(Raw item, PathKind kind, String path) {
        if (item instanceof Raw.Scalar scalar) {
            note(scalar, Path.of(scalar.text()), kind, path);
        } else if (item instanceof Raw.Referred referred) {
            note(referred, referred.place().path(), kind, path);
        }
    }

    /** With every reference in the place of the text that it is written as. */
    private Raw referred(Raw raw, PathKind kind) throws UnknownReferenceException {
        if (raw instanceof Raw.Sequence sequence) {
            List<Raw> items = new ArrayList<>();
            for (Raw item : sequence.items()) {
                items.add(referred(item, kind));
            }
            return new Raw.Sequence(items, sequence.origin());
        }
        if (raw instanceof Raw.Scalar scalar) {
            References.Place place = references.find(scalar.text(), kind);
            if (place != null && place.start() != null) {
                starts.put(place.path(), place.start());
            }
            if (place != null && place.reward()) {
                rewardModels.add(place.path());
            }
            return place == null ? raw : new Raw.Referred(place, scalar);
        }
        return raw;
    }

    private @Nullable Object nested(Schema.SectionEntry section, Raw.@Nullable Field field, String path) {
        Raw given = field == null ? null : field.value();
        if (given instanceof Raw.Mapping mapping) {
            return section(section.schema(), mapping, path + ".");
        }
        if ((given == null || isNull(given)) && section.nullable()) {
            return null;
        }
        if (given != null && !isNull(given)) {
            problems.add(given.origin(), path, "expected a section with keys of its own, found " + given.shown());
        }
        return section(section.schema(), Raw.Mapping.empty(nowhere), path + ".");
    }

    private static boolean isNull(Raw raw) {
        return raw instanceof Raw.Scalar scalar && scalar.isNull();
    }

    private static Record construct(Class<? extends Record> type, @Nullable Object[] arguments) {
        Class<?>[] parameters = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<? extends Record> constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RefusedSettingsException refused) {
                throw refused;
            }
            throw new IllegalStateException(
                    type + " refuses its arguments; conditions are told by Refusals or check()", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot construct " + type, e);
        }
    }
}
