package ai.preceptor.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** What the values of a column are, found by looking at all of them. */
sealed interface ColumnKind {
    /** Two kinds that no column can have together. */
    final class MixedException extends Exception {
        private static final long serialVersionUID = 1L;

        MixedException(String message) {
            super(message);
        }
    }

    /** Values that are not lists or objects. Each can also be missing. */
    enum Single implements ColumnKind {
        NOTHING,
        TRUTH,
        INTEGER,
        NUMBER,
        TEXT
    }

    /** A list. */
    record Many(ColumnKind element) implements ColumnKind {}

    /** An object; keys that some lack are missing there. */
    record Fields(Map<String, ColumnKind> fields) implements ColumnKind {
        public Fields {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /** Of one value. */
    static ColumnKind of(JsonNode value) throws MixedException {
        if (value.isArray()) {
            ColumnKind element = Single.NOTHING;
            for (JsonNode one : value) {
                element = join(element, of(one));
            }
            return new Many(element);
        }
        if (value.isObject()) {
            Map<String, ColumnKind> fields = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                fields.put(field.getKey(), of(field.getValue()));
            }
            return new Fields(fields);
        }
        if (value.isNull()) {
            return Single.NOTHING;
        }
        if (value.isBoolean()) {
            return Single.TRUTH;
        }
        if (value.isNumber()) {
            return value.canConvertToLong() && value.isIntegralNumber() ? Single.INTEGER : Single.NUMBER;
        }
        return Single.TEXT;
    }

    /** The kind that has the values of both. */
    static ColumnKind join(ColumnKind one, ColumnKind other) throws MixedException {
        if (one.equals(other) || other == Single.NOTHING) {
            return one;
        }
        if (one == Single.NOTHING) {
            return other;
        }
        if (one instanceof Many many && other instanceof Many more) {
            return new Many(join(many.element(), more.element()));
        }
        if (one instanceof Fields fields && other instanceof Fields more) {
            Map<String, ColumnKind> all = new LinkedHashMap<>(fields.fields());
            for (Map.Entry<String, ColumnKind> field : more.fields().entrySet()) {
                ColumnKind before = all.getOrDefault(field.getKey(), Single.NOTHING);
                all.put(field.getKey(), join(before, field.getValue()));
            }
            return new Fields(all);
        }
        if (isNumber(one) && isNumber(other)) {
            return Single.NUMBER;
        }
        throw new MixedException("expected values of one kind, found " + one.words() + " and " + other.words());
    }

    private static boolean isNumber(ColumnKind kind) {
        return kind == Single.INTEGER || kind == Single.NUMBER;
    }

    private String words() {
        if (this instanceof Many) {
            return "a list";
        }
        if (this instanceof Fields fields) {
            return "an object with the keys "
                    + fields.fields().keySet().stream().collect(Collectors.joining(", "));
        }
        return this == Single.TRUTH ? "true or false" : this == Single.TEXT ? "text" : "a number";
    }

    /** As a column of Parquet. Where there are no values, or only empty objects, it is one of text. */
    default Type type(String name) {
        if (this instanceof Many many) {
            return Types.optionalList().element(many.element().type("element")).named(name);
        }
        if (this instanceof Fields fields && !fields.fields().isEmpty()) {
            Types.GroupBuilder<GroupType> group = Types.optionalGroup();
            for (Map.Entry<String, ColumnKind> field : fields.fields().entrySet()) {
                group.addField(field.getValue().type(field.getKey()));
            }
            return group.named(name);
        }
        if (this == Single.TRUTH) {
            return Types.optional(PrimitiveTypeName.BOOLEAN).named(name);
        }
        if (this == Single.INTEGER) {
            return Types.optional(PrimitiveTypeName.INT64).named(name);
        }
        if (this == Single.NUMBER) {
            return Types.optional(PrimitiveTypeName.DOUBLE).named(name);
        }
        return Types.optional(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.stringType())
                .named(name);
    }
}
