package ai.preceptor.data.rows;

import ai.preceptor.data.source.RowException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Parses lines that must each be one JSON object, strictly: no repeated keys, nothing after the object. */
final class JsonRows {
    /** Whoever reads a file bounds its rows; a text may take all of one. */
    private static final StreamReadConstraints ROWS =
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build();

    private static final JsonMapper MAPPER = JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(ROWS).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonRows() {}

    /**
     * Parses one line.
     *
     * @throws RowException if it is not one JSON object
     */
    static JsonNode parse(String line) throws RowException {
        JsonNode node;
        try {
            node = MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            throw new RowException("expected one JSON object per line, found " + JsonDescriptions.quote(line.strip())
                    + " (" + problem(e) + ")");
        }
        if (!node.isObject()) {
            throw new RowException("expected one JSON object per line, found " + JsonDescriptions.describe(node));
        }
        return node;
    }

    private static String problem(JsonProcessingException e) {
        String first = e.getOriginalMessage().lines().findFirst().orElse("not JSON");
        return e.getLocation() == null
                ? first
                : first + " at column " + e.getLocation().getColumnNr();
    }
}
