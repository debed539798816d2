package ai.preceptor.serve.request;

import ai.preceptor.data.Message;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages in OpenAI's form, as the chat template sees them. As in vLLM, arguments of tool calls become the objects that rows have
 * and templates write, and parts of text are joined by line feeds, unless the template takes parts.
 *
 * @param takesParts whether the template takes a content that is a list of parts
 */
record MessageReader(boolean takesParts) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads a message.
     *
     * @param place of it in the request, for errors
     * @throws ApiException if it is none
     */
    Message read(String place, JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            throw ApiException.value(place, "an object with role and content", node);
        }
        JsonNode role = object.path("role");
        if (!role.isTextual() || role.textValue().isBlank()) {
            throw ApiException.value(place + ".role", "a role such as user or assistant", role);
        }
        JsonNode content = object.path("content");
        JsonNode calls = object.path("tool_calls");
        if (!content.isTextual() && !content.isArray() && !calls.isArray()) {
            throw ApiException.value(place + ".content", "text or a list of parts", content);
        }
        if (role.textValue().equals("assistant")) {
            calls.forEach(MessageReader::parseArguments);
        }
        Map<String, @Nullable Object> extra = new LinkedHashMap<>();
        object.properties().forEach(field -> {
            if (!field.getKey().equals("role") && !field.getKey().equals("content")) {
                extra.put(field.getKey(), plain(field.getValue()));
            }
        });
        List<String> texts = content.isArray() ? texts(place, content) : List.of(content.asText(""));
        if (content.isArray() && takesParts) {
            extra.put(Message.PARTS, plain(content));
        }
        return new Message(role.textValue(), String.join("\n", texts), extra);
    }

    private static @Nullable Object plain(JsonNode node) {
        return JSON.convertValue(node, Object.class);
    }

    private static List<String> texts(String place, JsonNode parts) {
        List<String> texts = new ArrayList<>();
        for (JsonNode part : parts) {
            if (!part.path("type").asText().equals("text") || !part.path("text").isTextual()) {
                throw ApiException.value(
                        place + ".content[" + texts.size() + "]",
                        "a part of type \"text\", which is all the model reads",
                        part);
            }
            texts.add(part.path("text").textValue());
        }
        return texts;
    }

    /** The API has them as JSON text, and a template would write that as a text in quotes. What is no JSON stays as it is. */
    private static void parseArguments(JsonNode call) {
        if (!(call.path("function") instanceof ObjectNode function)) {
            return;
        }
        JsonNode given = function.path("arguments");
        String text = given.isTextual() ? given.textValue() : "";
        if (given.isMissingNode() || given.isNull() || (given.isTextual() && text.isBlank())) {
            function.putObject("arguments");
        } else if (given.isTextual()) {
            try {
                function.set("arguments", JSON.readTree(text));
            } catch (JsonProcessingException e) {
                return;
            }
        }
    }
}
