package ai.preceptor.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a conversation.
 *
 * @param role who speaks, as the chat template knows it ({@code system}, {@code user}, {@code
 *     assistant}, {@code tool}, ...); not blank
 * @param content the text; may be empty (an assistant that only calls tools)
 * @param extra the message's other keys in their original order ({@code tool_calls}, {@code
 *     reasoning_content}, {@code name}, ...), copied deeply and unmodifiable; and, where {@code content} came as a list of
 *     parts, that list under {@link #PARTS}, which the chat template then sees as it came; so it is with null, and with no
 *     content at all
 */
public record Message(String role, String content, Map<String, @Nullable Object> extra) {
    /**
     * The key of what stood in the place of a text: parts, {@code {"type", ...}} each, null, or nothing at all. For
     * those that read messages.
     */
    public static final String PARTS = "content";

    /** Stands under {@link #PARTS} for a message that came without the key. For the package {@code data.rows}. */
    public static final Map<String, Object> ABSENT = Map.of();

    /**
     * @throws IllegalArgumentException if the role is blank or {@code extra} holds a key {@code role}, or a key {@code
     *     content} that is neither null nor a list of parts
     */
    public Message {
        if (role.isBlank()) {
            throw new IllegalArgumentException(
                    "role: expected a name such as user or assistant, received \"" + role + "\"");
        }
        if (extra.containsKey("role") || !standsForText(extra.get(PARTS))) {
            throw new IllegalArgumentException(
                    "extra: the keys role and content have their own fields, received keys " + extra.keySet());
        }
        extra = JsonValues.freeze(extra);
    }

    private static boolean standsForText(@Nullable Object value) {
        return value == null || value instanceof List || value.equals(ABSENT);
    }

    /** A turn with nothing but a role and a text. */
    public Message(String role, String content) {
        this(role, content, Map.of());
    }

    /** What a person asks. */
    public static Message user(String content) {
        return new Message("user", content);
    }

    /** What a model answers. */
    public static Message assistant(String content) {
        return new Message("assistant", content);
    }

    /** Instructions before the conversation. */
    public static Message system(String content) {
        return new Message("system", content);
    }

    /** True if the turn says nothing: blank content, and no extra key with a value (such as tool calls). */
    public boolean isBlank() {
        return content.isBlank()
                && partsBesideText().isEmpty()
                && extra.entrySet().stream()
                        .allMatch(entry ->
                                entry.getValue() == null || entry.getKey().equals(PARTS));
    }

    /** The kinds of parts that are no text ({@code image}, ...), in order; empty where the content is all text. */
    public List<String> partsBesideText() {
        List<String> kinds = new ArrayList<>();
        if (extra.get(PARTS) instanceof List<?> parts) {
            for (Object part : parts) {
                if (part instanceof Map<?, ?> map && !"text".equals(map.get("type"))) {
                    kinds.add(String.valueOf(map.get("type")));
                }
            }
        }
        return kinds;
    }

    /** The turn as a chat template sees it: {@code role}, {@code content}, then the extra keys. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("role", role);
        map.put("content", content);
        map.putAll(extra);
        if (ABSENT.equals(extra.get(PARTS))) {
            map.remove(PARTS);
        }
        return map;
    }
}
