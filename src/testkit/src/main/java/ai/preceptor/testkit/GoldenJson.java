package ai.preceptor.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Parses golden JSON and insists on its shape, so that a misspelt path fails a test instead of comparing nothing. */
final class GoldenJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private GoldenJson() {}

    static JsonNode parse(String json, String where) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(where + ": not JSON: " + e.getOriginalMessage(), e);
        }
    }

    static JsonNode requireList(JsonNode node) {
        if (node == null || !node.isArray()) {
            throw new AssertionError("expected a list of numbers, found " + node);
        }
        return node;
    }

    static JsonNode requireNumber(JsonNode node) {
        if (node == null || !node.isNumber()) {
            throw new AssertionError("expected a number, found " + node);
        }
        return node;
    }
}
