package ai.preceptor.lm.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls as JSON: {@code {"name": ..., "arguments": {...}}}, or a list of such objects. */
final class CallJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final List<String> ARGUMENTS = List.of("arguments", "parameters");

    private CallJson() {}

    /** Reads a text; one that is no JSON is one malformed call. */
    static List<ToolCall> calls(String text) {
        JsonNode read;
        try {
            read = JSON.readTree(text);
        } catch (JsonProcessingException | StackOverflowError e) { // nested beyond what the parser stands
            return List.of(ToolCall.malformed("the call is not valid JSON"));
        }
        if (!read.isArray()) {
            return List.of(call(read));
        }
        List<ToolCall> calls = new ArrayList<>();
        read.forEach(one -> calls.add(call(one)));
        return calls.isEmpty() ? List.of(ToolCall.malformed("the call is an empty list")) : calls;
    }

    private static ToolCall call(JsonNode read) {
        JsonNode name = read.path("name");
        if (!read.isObject() || !name.isTextual()) {
            return ToolCall.malformed("the call has no \"name\"; expected an object with \"name\" and \"arguments\"");
        }
        for (String key : ARGUMENTS) {
            if (read.hasNonNull(key)) {
                Map<String, @Nullable Object> arguments = arguments(read.get(key));
                return arguments == null
                        ? ToolCall.malformed("\"" + key + "\" is not an object")
                        : new ToolCall(name.textValue(), arguments);
            }
        }
        return new ToolCall(name.textValue(), Map.of());
    }

    /** An object, or the text of one, which some models write; null for anything else. */
    private static @Nullable Map<String, @Nullable Object> arguments(JsonNode value) {
        try {
            JsonNode object = value.isTextual() ? JSON.readTree(value.textValue()) : value;
            return object.isObject()
                    ? JSON.convertValue(object, new TypeReference<Map<String, @Nullable Object>>() {})
                    : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
