package ai.preceptor.data;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a conversation.
 *
 * @param role who speaks, as the chat template knows it ({@code system}, {@code user}, {@code
 *     assistant}, {@code tool}, ...); not blank
 * @param content what is said; may be empty (an assistant that only calls tools)
 * @param extra the message's other keys in their original order ({@code tool_calls}, {@code
 *     reasoning_content}, {@code name}, ...), copied deeply and unmodifiable
 */
public record Message(String role, String content, Map<String, @Nullable Object> extra) {

    /**
     * Checks the role and copies the extra keys.
     *
     * @throws IllegalArgumentException if the role is blank or {@code extra} holds a key {@code
     *     role} or {@code content}
     */
    public Message {
        if (role.isBlank()) {
            throw new IllegalArgumentException(
                    "role: expected a name such as user or assistant, received \"" + role + "\"");
        }
        if (extra.containsKey("role") || extra.containsKey("content")) {
            throw new IllegalArgumentException(
                    "extra: the keys role and content have their own fields, received keys " + extra.keySet());
        }
        extra = JsonValues.freeze(extra);
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

    /** What the model is told before the conversation. */
    public static Message system(String content) {
        return new Message("system", content);
    }

    /** True if the turn says nothing: blank content, and no extra key with a value (such as tool calls). */
    public boolean isBlank() {
        return content.isBlank() && extra.values().stream().allMatch(Objects::isNull);
    }

    /** The turn as a chat template sees it: {@code role}, {@code content}, then the extra keys. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("role", role);
        map.put("content", content);
        map.putAll(extra);
        return map;
    }
}
