package ai.preceptor.data.rows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Describes the value found in an error message. */
final class JsonDescriptions {
    private static final int LONGEST_QUOTE = 40;

    private JsonDescriptions() {}

    /** For example {@code number 3}, {@code string "It is..."}, {@code a list of 2}, {@code null}. */
    static String describe(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "string " + quote(node.textValue());
            case NUMBER -> "number " + node.asText();
            case BOOLEAN -> "boolean " + node.asText();
            case ARRAY -> node.isEmpty() ? "an empty list" : "a list of " + node.size();
            case OBJECT -> node.isEmpty() ? "an empty object" : "an object with the keys " + keys(node);
            case NULL -> "null";
            case MISSING -> "nothing";
            case BINARY, POJO -> node.toString();
        };
    }

    /** The text in quotes on one line, shortened if long. */
    static String quote(String text) {
        String line = text.replace("\n", "\\n").replace("\r", "\\r");
        if (line.codePointCount(0, line.length()) <= LONGEST_QUOTE) {
            return "\"" + line + "\"";
        }
        return "\"" + line.substring(0, line.offsetByCodePoints(0, LONGEST_QUOTE)) + "...\"";
    }

    /** The keys of an object in their order. */
    static List<String> keys(JsonNode object) {
        List<String> keys = new ArrayList<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }
}
