package ai.preceptor.lm.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The variables a chat template sees beside the messages, as transformers and TRL give them: the special tokens, the
 * row's {@code tools} (a list, or JSON text that holds one), and over all of them the row's
 * {@code chat_template_kwargs}.
 */
final class ChatContext {
    private static final JsonMapper JSON = new JsonMapper();

    private ChatContext() {}

    static Map<String, @Nullable Object> variables(
            Map<String, ? extends @Nullable Object> named, Map<String, @Nullable Object> columns) {
        Map<String, @Nullable Object> variables = new LinkedHashMap<>(named);
        variables.putIfAbsent("documents", null); // none, which templates tell from undefined
        variables.put("tools", tools(columns.get("tools")));
        Object arguments = columns.get("chat_template_kwargs");
        if (arguments instanceof Map<?, ?> map) {
            map.forEach((name, value) -> variables.put(String.valueOf(name), value));
        } else if (arguments != null) {
            throw new EncodingException("column \"chat_template_kwargs\": expected an object, found " + arguments);
        }
        return variables;
    }

    private static @Nullable Object tools(@Nullable Object column) {
        if (!(column instanceof String text)) {
            return column;
        }
        try {
            return JSON.readValue(text, Object.class);
        } catch (JsonProcessingException malformed) {
            throw new EncodingException(
                    "column \"tools\": expected a list, or JSON text of one, found " + text, malformed);
        }
    }
}
