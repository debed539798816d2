package ai.preceptor.data.rows;

import ai.preceptor.data.Message;
import ai.preceptor.data.Text;
import ai.preceptor.data.source.RowException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON values as texts: a string is plain, a list of {@code {"role", "content"}} is a conversation. */
final class JsonText {
    private static final JsonMapper MAPPER = new JsonMapper();

    private JsonText() {}

    static Text text(String key, JsonNode node) throws RowException {
        if (node.isTextual()) {
            return new Text.Plain(string(key, node));
        }
        if (node.isArray()) {
            return new Text.Chat(messages(key, node));
        }
        throw RowException.key(key, "string or list of messages", JsonDescriptions.describe(node));
    }

    static List<Message> messages(String key, JsonNode node) throws RowException {
        if (!node.isArray()) {
            throw RowException.key(key, "list of messages", JsonDescriptions.describe(node));
        }
        List<Message> messages = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            messages.add(message(key + "[" + i + "]", node.get(i)));
        }
        return messages;
    }

    private static Message message(String key, JsonNode node) throws RowException {
        JsonNode role = node.path("role");
        if (!node.isObject() || role.isMissingNode()) {
            throw RowException.key(key, "a message with the keys role and content", JsonDescriptions.describe(node));
        }
        if (!role.isTextual() || role.textValue().isBlank()) {
            throw RowException.key(key + ".role", "a name such as user or assistant", JsonDescriptions.describe(role));
        }
        Map<String, @Nullable Object> extra = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getKey().equals("role") && !entry.getKey().equals("content")) {
                extra.put(entry.getKey(), value(key + "." + entry.getKey(), entry.getValue()));
            }
        }
        JsonNode content = node.path("content");
        if (!content.isTextual()) { // parts, or nothing: templates tell that from an empty text
            extra.put(Message.PARTS, content.isMissingNode() ? Message.ABSENT : value(key + ".content", content));
        }
        return new Message(role.textValue(), content(key, content, extra), extra);
    }

    private static String content(String key, JsonNode content, Map<String, @Nullable Object> extra)
            throws RowException {
        if (content.isTextual()) {
            return string(key + ".content", content);
        }
        if (content.isArray()) {
            return textParts(key + ".content", content);
        }
        // An assistant that only calls tools says nothing: its content is null or left out.
        if ((content.isNull() || content.isMissingNode()) && extra.get("tool_calls") != null) {
            return "";
        }
        throw RowException.key(key + ".content", "string or list of parts", JsonDescriptions.describe(content));
    }

    /** The text of the parts; parts of other kinds are for the chat template. */
    private static String textParts(String key, JsonNode parts) throws RowException {
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            JsonNode part = parts.get(i);
            boolean text = part.path("type").asText().equals("text");
            if (!part.path("type").isTextual() || (text && !part.path("text").isTextual())) {
                throw RowException.key(
                        key + "[" + i + "]", "a part such as {\"type\": \"text\", \"text\": ...}", part.toString());
            }
            if (text) {
                joined.append(string(key + "[" + i + "].text", part.path("text")));
            }
        }
        return joined.toString();
    }

    /** The node's string, refused if it cannot be written as UTF-8. */
    static String string(String key, JsonNode node) throws RowException {
        return checked(key, node.textValue());
    }

    private static String checked(String key, String text) throws RowException {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int codePoint = text.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                throw RowException.key(
                        key,
                        "valid Unicode",
                        String.format(Locale.ROOT, "half a surrogate pair (\\u%04x) at character %d", codePoint, i));
            }
        }
        return text;
    }

    /** The node as plain Java: maps, lists, strings, numbers, booleans and null; strings as {@link #string}. */
    static @Nullable Object value(String key, JsonNode node) throws RowException {
        check(key, node);
        return MAPPER.convertValue(node, Object.class);
    }

    private static void check(String key, JsonNode node) throws RowException {
        if (node.isTextual()) {
            checked(key, node.textValue());
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            check(key + "." + entry.getKey(), entry.getValue());
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            JsonNode item = node.get(i);
            if (item.isTextual() || item.isContainerNode()) { // numbers are many
                check(key + "[" + i + "]", item);
            }
        }
    }
}
