package ai.preceptor.cli.config;

import ai.preceptor.data.setting.PathKind;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys of a configuration record as JSON Schema (draft 2020-12): type, default, range, choices and meaning of each.
 *
 * @param root plain values
 */
public record JsonSchema(Map<String, Object> root) {
    /** @param type a record that {@link Settings} can read */
    public static JsonSchema of(Class<? extends Record> type) {
        return draft(object(Schema.of(type)));
    }

    /** That of an object which may have other properties too. */
    public static JsonSchema open(Map<String, Object> properties) {
        return draft(keywords("type", "object", "properties", properties));
    }

    /** Keywords and their values in turn, in this order. */
    public static Map<String, Object> keywords(Object... keywordsAndValues) {
        Map<String, Object> keywords = new LinkedHashMap<>();
        for (int i = 0; i < keywordsAndValues.length; i += 2) {
            keywords.put((String) keywordsAndValues[i], keywordsAndValues[i + 1]);
        }
        return keywords;
    }

    /** One such value, or a list of them. */
    static Map<String, Object> oneOrMore(Map<String, Object> one) {
        return keywords("anyOf", List.of(keywords("type", "array", "items", one), one));
    }

    private static JsonSchema draft(Map<String, Object> object) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.putAll(object);
        return new JsonSchema(root);
    }

    /** The keys of {@code type} alone: an object's {@code properties}. */
    public static Map<String, Object> properties(Class<? extends Record> type) {
        Map<String, Object> properties = new LinkedHashMap<>();
        collect(Schema.of(type), properties, new ArrayList<>());
        return properties;
    }

    /** It as text, indented. */
    @Override
    public String toString() {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values have a form in JSON", e);
        }
    }

    private static Map<String, Object> object(Schema schema) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        collect(schema, properties, required);
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "object");
        object.put("properties", properties);
        if (!required.isEmpty()) {
            object.put("required", required);
        }
        object.put("additionalProperties", false);
        return object;
    }

    private static void collect(Schema schema, Map<String, Object> properties, List<String> required) {
        for (Schema.Entry entry : schema.entries()) {
            if (entry instanceof Schema.KeyEntry key) {
                properties.put(key.name(), property(key));
                if (key.defaultValue().isEmpty() && !key.nullable()) {
                    required.add(key.name());
                }
            } else if (entry instanceof Schema.GroupEntry group) {
                collect(group.schema(), properties, required);
            } else if (entry instanceof Schema.SectionEntry section) {
                Map<String, Object> object = new LinkedHashMap<>();
                object.put("description", section.help());
                object.putAll(object(section.schema()));
                properties.put(section.name(), section.nullable() ? orNull(object) : object);
                if (!section.nullable() && object.containsKey("required")) {
                    required.add(section.name());
                }
            }
        }
    }

    private static Map<String, Object> property(Schema.KeyEntry key) {
        Map<String, Object> property = new LinkedHashMap<>();
        PathKind path = key.key().path();
        property.put("description", key.helpText() + (path == PathKind.ANY ? "" : "; " + path.legal()));
        property.putAll(key.type().jsonSchema());
        if (!key.defaultValue().isEmpty()) {
            Object value = key.type() instanceof ValueTypes.PathValue ? key.defaultValue() : key.readDefault();
            property.put("default", Resolved.plain(value));
        }
        return key.nullable() ? orNull(property) : property;
    }

    /** A key that is left out is written as null in a run's {@code config.yaml}. */
    private static Map<String, Object> orNull(Map<String, Object> property) {
        Map<String, Object> either = new LinkedHashMap<>(property);
        Object description = either.remove("description");
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("description", String.valueOf(description));
        all.put("anyOf", List.of(either, keywords("type", "null")));
        return all;
    }
}
