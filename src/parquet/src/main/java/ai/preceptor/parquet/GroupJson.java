package ai.preceptor.parquet;

import ai.preceptor.data.source.RowException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * A row as JSON: groups become objects, lists lists, maps objects whose keys are texts, missing values null, and single values
 * what {@link ValueJson} says. Lists have three levels, or two, or none ({@code repeated} alone), by the rules of the format's
 * LogicalTypes.md.
 *
 * @param schema of the rows
 */
record GroupJson(MessageType schema) {
    private static final JsonFactory JSON = new JsonFactory();

    /** @throws RowException if a value has no form in JSON, or the row is longer than 64 MiB */
    String text(Group row) throws RowException {
        BoundedText text = new BoundedText();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            object(row, schema, out);
        } catch (BoundedText.FullException e) {
            throw new RowException("expected a row of at most 64 MiB as JSON, found a longer one");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void object(Group group, GroupType type, JsonGenerator out) throws IOException, RowException {
        out.writeStartObject();
        for (int field = 0; field < type.getFieldCount(); field++) {
            out.writeFieldName(type.getFieldName(field));
            field(group, type, field, out);
        }
        out.writeEndObject();
    }

    private static void field(Group group, GroupType type, int field, JsonGenerator out)
            throws IOException, RowException {
        int count = group.getFieldRepetitionCount(field);
        if (type.getType(field).isRepetition(Type.Repetition.REPEATED)) {
            out.writeStartArray();
            for (int i = 0; i < count; i++) {
                value(group, type, field, i, out);
            }
            out.writeEndArray();
        } else if (count == 0) {
            out.writeNull();
        } else {
            value(group, type, field, 0, out);
        }
    }

    private static void value(Group group, GroupType of, int field, int index, JsonGenerator out)
            throws IOException, RowException {
        Type type = of.getType(field);
        if (type.isPrimitive()) {
            ValueJson.write(group, field, index, type.asPrimitiveType(), out);
            return;
        }
        GroupType own = type.asGroupType();
        Group value = group.getGroup(field, index);
        LogicalTypeAnnotation logical = own.getLogicalTypeAnnotation();
        if (logical instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation && isRepeated(own)) {
            list(value, own, out);
        } else if (isMap(logical) && isRepeated(own) && !own.getType(0).isPrimitive()) {
            map(value, own, out);
        } else {
            object(value, own, out);
        }
    }

    private static boolean isMap(LogicalTypeAnnotation logical) {
        return logical instanceof LogicalTypeAnnotation.MapLogicalTypeAnnotation
                || logical instanceof LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
    }

    private static boolean isRepeated(GroupType type) {
        return type.getFieldCount() == 1 && type.getType(0).isRepetition(Type.Repetition.REPEATED);
    }

    private static void list(Group list, GroupType type, JsonGenerator out) throws IOException, RowException {
        Type repeated = type.getType(0);
        boolean three = !isElement(repeated, type.getName());
        out.writeStartArray();
        for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
            if (three) {
                field(list.getGroup(0, i), repeated.asGroupType(), 0, out);
            } else {
                value(list, type, 0, i, out);
            }
        }
        out.writeEndArray();
    }

    /** Whether the repeated field of a list is its element, as in lists of two levels. */
    private static boolean isElement(Type repeated, String list) {
        if (repeated.isPrimitive()) {
            return true;
        }
        GroupType group = repeated.asGroupType();
        return group.getFieldCount() != 1
                || group.getType(0).isRepetition(Type.Repetition.REPEATED)
                || group.getName().equals("array")
                || group.getName().equals(list + "_tuple");
    }

    private static void map(Group map, GroupType type, JsonGenerator out) throws IOException, RowException {
        GroupType entry = type.getType(0).asGroupType();
        out.writeStartObject();
        for (int i = 0; i < map.getFieldRepetitionCount(0); i++) {
            Group pair = map.getGroup(0, i);
            if (!entry.getType(0).isPrimitive() || pair.getFieldRepetitionCount(0) == 0) {
                throw RowException.key(type.getName(), "a map whose keys are single values", "another");
            }
            out.writeFieldName(ValueJson.text(pair, 0, entry.getType(0).asPrimitiveType()));
            if (entry.getFieldCount() > 1) {
                field(pair, entry, 1, out);
            } else {
                out.writeNull();
            }
        }
        out.writeEndObject();
    }
}
