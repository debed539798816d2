package ai.preceptor.cli.config;

import ai.preceptor.cli.plugin.PluginJar;
import ai.preceptor.cli.yaml.PathText;
import ai.preceptor.cli.yaml.Raw;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.Nearest;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.data.setting.Range;
import ai.preceptor.data.source.PathList;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The types a key can have. */
final class ValueTypes {
    private ValueTypes() {}

    /** @throws IllegalArgumentException when no kind reads {@code type}: a mistake in a configuration record */
    static ValueType of(Type type, Key key) {
        Range range = key.range().isEmpty() ? Range.EVERYTHING : Range.parse(key.range());
        if (type == int.class || type == Integer.class) {
            return number("integer", range, 0, ValueTypes::integer);
        }
        if (type == long.class || type == Long.class) {
            return number("integer", range, 0L, ValueTypes::whole);
        }
        if (type == double.class || type == Double.class) {
            return number("number", range, 0.0, ValueTypes::number);
        }
        if (type == boolean.class || type == Boolean.class) {
            List<String> words = List.of("true", "false");
            return new ScalarValue(
                    "true or false",
                    "true or false",
                    JsonSchema.keywords("type", "boolean"),
                    words,
                    false,
                    ValueTypes::truth);
        }
        if (type == String.class) {
            return new ScalarValue(
                    "text", "text", ValueType.TEXT, List.of(), "", scalar -> scalar.isNull() ? null : scalar.text());
        }
        if (type == Path.class) {
            return new PathValue(key.path());
        }
        if (type == PluginJar.class) {
            return new JarValue();
        }
        if (type instanceof Class<?> choice && choice.isEnum()) {
            return ChoiceValue.of(choice);
        }
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return new ListValue(of(list.getActualTypeArguments()[0], key));
        }
        throw new IllegalArgumentException("no configuration key can have the type " + type.getTypeName());
    }

    /**
     * A kind that is written as one word or number.
     *
     * @param reader gives null for a text that is not legal
     */
    private record ScalarValue(
            String expected,
            String legal,
            Map<String, Object> jsonSchema,
            List<String> choices,
            Object placeholder,
            Function<Raw.Scalar, @Nullable Object> reader)
            implements ValueType {
        @Override
        public Object read(Raw raw) throws Mismatch {
            Object value = raw instanceof Raw.Scalar scalar ? reader.apply(scalar) : null;
            if (value == null) {
                throw Mismatch.of(this, raw);
            }
            return value;
        }
    }

    private static ValueType number(
            String kind, Range range, Number placeholder, Function<Raw.Scalar, @Nullable Number> reader) {
        Map<String, Object> schema = JsonSchema.keywords("type", kind);
        if (Double.isFinite(range.lowest())) {
            schema.put(range.lowestIncluded() ? "minimum" : "exclusiveMinimum", range.lowest());
        }
        if (Double.isFinite(range.highest())) {
            schema.put(range.highestIncluded() ? "maximum" : "exclusiveMaximum", range.highest());
        }
        String expected = (kind.equals("integer") ? "an integer" : "a number")
                + (range.equals(Range.EVERYTHING) ? "" : " in " + range);
        String legal = ((kind.equals("integer") ? "an integer " : "a number ") + range.words()).strip();
        return new ScalarValue(expected, legal, schema, List.of(), placeholder, scalar -> {
            Number value = reader.apply(scalar);
            return value != null && range.contains(value.doubleValue()) ? value : null;
        });
    }

    private static @Nullable Long whole(Raw.Scalar scalar) {
        try {
            return scalar.isInteger() ? Long.valueOf(scalar.text()) : null;
        } catch (NumberFormatException tooLarge) {
            return null;
        }
    }

    private static @Nullable Integer integer(Raw.Scalar scalar) {
        Long value = whole(scalar);
        return value != null && value == value.intValue() ? (Integer) value.intValue() : null;
    }

    private static @Nullable Double number(Raw.Scalar scalar) {
        double value = scalar.isNumber() ? Double.parseDouble(scalar.text()) : Double.NaN;
        return Double.isFinite(value) ? (Double) value : null;
    }

    private static @Nullable Boolean truth(Raw.Scalar scalar) {
        boolean legal = !scalar.quoted() && List.of("true", "false").contains(scalar.text());
        return legal ? Boolean.valueOf(scalar.text()) : null;
    }

    record PathValue(PathKind kind) implements ValueType {
        @Override
        public String expected() {
            return kind.expected();
        }

        @Override
        public String legal() {
            return kind.legal();
        }

        @Override
        public Path read(Raw raw) throws Mismatch {
            if (raw instanceof Raw.Referred referred) {
                return read(referred);
            }
            if (kind == PathKind.ROWS
                    && raw instanceof Raw.Sequence sequence
                    && !sequence.items().isEmpty()) {
                List<String> paths = new ArrayList<>();
                for (Raw item : sequence.items()) {
                    paths.add(read(item).toString());
                }
                return Path.of(PathList.of(paths));
            }
            if (!(raw instanceof Raw.Scalar scalar)
                    || scalar.isNull()
                    || scalar.text().isBlank()) {
                throw Mismatch.of(this, raw);
            }
            try {
                return checked(Path.of(scalar.text()), raw);
            } catch (InvalidPathException e) {
                throw refused(PathText.objection(e), raw);
            }
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return kind == PathKind.ROWS ? JsonSchema.oneOrMore(ValueType.TEXT) : ValueType.TEXT;
        }

        private Path read(Raw.Referred referred) throws Mismatch {
            PathKind promised = referred.place().promised();
            if (promised == null) {
                return checked(referred.place().path(), referred);
            }
            if (!kind.accepts(promised)) {
                throw new Mismatch(
                        "expected " + expected() + ", found " + referred.shown() + ", which is " + promised.expected(),
                        referred);
            }
            return referred.place().path();
        }

        private Path checked(Path path, Raw raw) throws Mismatch {
            String objection = new PathCheck(kind).objection(path);
            if (objection != null) {
                throw refused(objection, raw);
            }
            return path;
        }

        private Mismatch refused(String objection, Raw raw) {
            return new Mismatch("expected " + expected() + ", found " + raw.shown() + ": " + objection, raw);
        }

        @Override
        public Path placeholder() {
            return Path.of("");
        }
    }

    /** @param words enum constants by the name that configurations use */
    record ChoiceValue(Map<String, Object> words) implements ValueType {
        static ChoiceValue of(Class<?> type) {
            Map<String, Object> choices = new LinkedHashMap<>();
            for (Object constant : type.getEnumConstants()) {
                choices.put(KeyName.of((Enum<?>) constant), constant);
            }
            return new ChoiceValue(choices);
        }

        @Override
        public String expected() {
            return "one of " + String.join(", ", words.keySet());
        }

        @Override
        public Object read(Raw raw) throws Mismatch {
            if (!(raw instanceof Raw.Scalar scalar)) {
                throw Mismatch.of(this, raw);
            }
            Object choice = words.get(scalar.text());
            if (choice == null) {
                throw new Mismatch("expected " + expected() + ", found " + raw.shown() + nearest(scalar.text()), raw);
            }
            return choice;
        }

        /** What was probably meant, to be said after what was found; empty if nothing is near. */
        String nearest(String text) {
            return new Nearest(words.keySet()).hint(text);
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return JsonSchema.keywords("enum", choices());
        }

        @Override
        public List<String> choices() {
            return List.copyOf(words.keySet());
        }

        @Override
        public Object placeholder() {
            return words.values().iterator().next();
        }
    }

    /** A lone value is read as a list of one. */
    record ListValue(ValueType element) implements ValueType {
        @Override
        public ValueType beside(Raw.Mapping section) {
            return new ListValue(element.beside(section));
        }

        @Override
        public String expected() {
            return "a list [a, b] of: " + element.expected();
        }

        @Override
        public String legal() {
            return "a list [a, b] of: " + element.legal();
        }

        @Override
        public List<Object> read(Raw raw) throws Mismatch {
            List<Raw> items = raw instanceof Raw.Sequence sequence ? sequence.items() : List.of(raw);
            List<Object> values = new ArrayList<>();
            try {
                for (Raw item : items) {
                    values.add(element.read(item));
                }
            } catch (Mismatch e) {
                boolean several =
                        raw instanceof Raw.Scalar scalar && scalar.text().contains(",");
                throw several ? new Mismatch(e.told() + "; several are written [a, b]", raw) : e;
            }
            return List.copyOf(values);
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return JsonSchema.oneOrMore(element.jsonSchema());
        }

        @Override
        public List<String> choices() {
            return element.choices();
        }

        @Override
        public List<Object> placeholder() {
            return Arrays.asList();
        }
    }
}
