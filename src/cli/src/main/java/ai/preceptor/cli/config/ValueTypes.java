package ai.preceptor.cli.config;

import ai.preceptor.cli.plugin.PluginJar;
import ai.preceptor.cli.yaml.Raw;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.Nearest;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.data.setting.Range;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The kinds of value a key can have. */
final class ValueTypes {
    private ValueTypes() {}

    /** @throws IllegalArgumentException when no kind reads {@code type}: a mistake in a configuration record */
    static ValueType of(Type type, Key key) {
        Range range = key.range().isEmpty() ? Range.EVERYTHING : Range.parse(key.range());
        if (type == int.class || type == Integer.class) {
            return new IntegerValue(range);
        }
        if (type == long.class || type == Long.class) {
            return new LongValue(range);
        }
        if (type == double.class || type == Double.class) {
            return new NumberValue(range);
        }
        if (type == boolean.class || type == Boolean.class) {
            return new BooleanValue();
        }
        if (type == String.class) {
            return new TextValue();
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

    private static String within(Range range) {
        return range.equals(Range.EVERYTHING) ? "" : " in " + range;
    }

    private static Map<String, Object> number(String type, Range range) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", type);
        if (Double.isFinite(range.lowest())) {
            schema.put(range.lowestIncluded() ? "minimum" : "exclusiveMinimum", range.lowest());
        }
        if (Double.isFinite(range.highest())) {
            schema.put(range.highestIncluded() ? "maximum" : "exclusiveMaximum", range.highest());
        }
        return schema;
    }

    private static long integer(ValueType type, Range range, long lowest, long highest, Raw raw)
            throws ValueType.Mismatch {
        if (raw instanceof Raw.Scalar scalar && scalar.isInteger()) {
            try {
                long value = Long.parseLong(scalar.text());
                if (value >= lowest && value <= highest && range.contains((double) value)) {
                    return value;
                }
            } catch (NumberFormatException e) {
                throw ValueType.Mismatch.of(type, raw);
            }
        }
        throw ValueType.Mismatch.of(type, raw);
    }

    record IntegerValue(Range range) implements ValueType {
        @Override
        public String expected() {
            return "an integer" + within(range);
        }

        @Override
        public Integer read(Raw raw) throws Mismatch {
            return Math.toIntExact(integer(this, range, Integer.MIN_VALUE, Integer.MAX_VALUE, raw));
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return number("integer", range);
        }

        @Override
        public Integer placeholder() {
            return 0;
        }
    }

    record LongValue(Range range) implements ValueType {
        @Override
        public String expected() {
            return "an integer" + within(range);
        }

        @Override
        public Long read(Raw raw) throws Mismatch {
            return integer(this, range, Long.MIN_VALUE, Long.MAX_VALUE, raw);
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return number("integer", range);
        }

        @Override
        public Long placeholder() {
            return 0L;
        }
    }

    record NumberValue(Range range) implements ValueType {
        @Override
        public String expected() {
            return "a number" + within(range);
        }

        @Override
        public Double read(Raw raw) throws Mismatch {
            if (raw instanceof Raw.Scalar scalar && scalar.isNumber()) {
                double value = Double.parseDouble(scalar.text());
                if (Double.isFinite(value) && range.contains(value)) {
                    return value;
                }
            }
            throw Mismatch.of(this, raw);
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return number("number", range);
        }

        @Override
        public Double placeholder() {
            return 0.0;
        }
    }

    record BooleanValue() implements ValueType {
        @Override
        public String expected() {
            return "true or false";
        }

        @Override
        public Boolean read(Raw raw) throws Mismatch {
            if (raw instanceof Raw.Scalar scalar && !scalar.quoted()) {
                if (scalar.text().equals("true")) {
                    return true;
                }
                if (scalar.text().equals("false")) {
                    return false;
                }
            }
            throw Mismatch.of(this, raw);
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return JsonSchema.keywords("type", "boolean");
        }

        @Override
        public List<String> choices() {
            return List.of("true", "false");
        }

        @Override
        public Boolean placeholder() {
            return false;
        }
    }

    record TextValue() implements ValueType {
        @Override
        public String expected() {
            return "text";
        }

        @Override
        public String read(Raw raw) throws Mismatch {
            if (raw instanceof Raw.Scalar scalar && !scalar.isNull()) {
                return scalar.text();
            }
            throw Mismatch.of(this, raw);
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return JsonSchema.keywords("type", "string");
        }

        @Override
        public String placeholder() {
            return "";
        }
    }

    record PathValue(PathKind kind) implements ValueType {
        @Override
        public String expected() {
            return kind.expected();
        }

        @Override
        public Path read(Raw raw) throws Mismatch {
            if (raw instanceof Raw.Referred referred) {
                return read(referred);
            }
            if (!(raw instanceof Raw.Scalar scalar)
                    || scalar.isNull()
                    || scalar.text().isBlank()) {
                throw Mismatch.of(this, raw);
            }
            if (scalar.text().indexOf('\0') >= 0) {
                throw Mismatch.of(this, raw);
            }
            return checked(Path.of(scalar.text()), raw);
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
                throw new Mismatch("expected " + expected() + ", found " + raw.shown() + ": " + objection, raw);
            }
            return path;
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return JsonSchema.keywords("type", "string");
        }

        @Override
        public Path placeholder() {
            return Path.of("");
        }
    }

    /** @param words enum constants by the name that configurations use: lower case */
    record ChoiceValue(Map<String, Object> words) implements ValueType {
        static ChoiceValue of(Class<?> type) {
            Map<String, Object> choices = new LinkedHashMap<>();
            for (Object constant : type.getEnumConstants()) {
                choices.put(name((Enum<?>) constant), constant);
            }
            return new ChoiceValue(choices);
        }

        static String name(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
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
            return new Nearest(words.keySet())
                    .to(text)
                    .map(name -> "; nearest is " + name)
                    .orElse("");
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
        public String expected() {
            return "a list [a, b] of: " + element.expected();
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
            return JsonSchema.keywords(
                    "anyOf",
                    List.of(JsonSchema.keywords("type", "array", "items", element.jsonSchema()), element.jsonSchema()));
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
