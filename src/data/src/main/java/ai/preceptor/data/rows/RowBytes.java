package ai.preceptor.data.rows;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.source.RowException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows as bytes for another process, JSON objects of a line each. A row that is read equals the one that was written, columns
 * included, whatever their names are.
 *
 * @param row a row as JSON
 * @param reader a row from JSON
 */
public record RowBytes<R>(Function<R, Map<String, @Nullable Object>> row, Reader<R> reader) {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String PROMPT = "prompt";
    private static final String CHOSEN = "chosen";
    private static final String REJECTED = "rejected";
    private static final String MARGIN = "margin";
    private static final String PROBABILITY = "chosen_probability";
    private static final String COLUMNS = "columns";

    /** Prompts: {@code prompt}, {@code columns}. */
    public static final RowBytes<Prompt> PROMPTS = new RowBytes<>(RowBytes::row, RowBytes::prompt);

    /** Pairs: {@code chosen}, {@code rejected}, and {@code margin} and {@code chosen_probability} where known, too. */
    public static final RowBytes<Preference> PREFERENCES = new RowBytes<>(RowBytes::row, RowBytes::preference);

    /** Reads one row. */
    @FunctionalInterface
    public interface Reader<R> {
        /** @throws RowException if it is no such row */
        R read(JsonNode row) throws RowException;
    }

    /** Rows as bytes. */
    public byte[] write(List<R> rows) {
        return lines(rows.stream().map(row).toList());
    }

    /**
     * The rows of some bytes.
     *
     * @throws DataException if they are not of such rows
     */
    public List<R> read(byte[] bytes) {
        List<R> rows = new ArrayList<>();
        for (JsonNode object : objects(bytes)) {
            try {
                rows.add(reader.read(object));
            } catch (RowException e) {
                throw new DataException("row " + rows.size() + " (0-based) of a chunk: " + e.reason(), e);
            }
        }
        return rows;
    }

    /** JSON objects as bytes. */
    public static byte[] lines(List<? extends Map<String, ? extends @Nullable Object>> objects) {
        StringBuilder lines = new StringBuilder();
        for (Map<String, ? extends @Nullable Object> object : objects) {
            try {
                lines.append(MAPPER.writeValueAsString(object)).append('\n');
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException("row: expected JSON values, received " + object, e);
            }
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The JSON objects of {@link #lines}.
     *
     * @throws DataException if the bytes are something else
     */
    public static List<JsonNode> objects(byte[] bytes) {
        List<JsonNode> objects = new ArrayList<>();
        for (String line : (Iterable<String>) new String(bytes, StandardCharsets.UTF_8).lines()::iterator) {
            try {
                objects.add(JsonRows.parse(line));
            } catch (RowException e) {
                throw new DataException("line " + (objects.size() + 1) + " of a chunk: " + e.reason(), e);
            }
        }
        return objects;
    }

    private static Map<String, @Nullable Object> row(Prompt prompt) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put(PROMPT, prompt.text().toJson());
        row.put(COLUMNS, prompt.columns());
        return row;
    }

    private static Prompt prompt(JsonNode object) throws RowException {
        Row row = new Row(object);
        return new Prompt(row.text(PROMPT), row.map(COLUMNS));
    }

    private static Map<String, @Nullable Object> row(Preference pair) {
        Map<String, @Nullable Object> row = row(pair.prompt());
        row.put(CHOSEN, pair.chosen().toJson());
        row.put(REJECTED, pair.rejected().toJson());
        row.put(MARGIN, pair.margin());
        row.put(PROBABILITY, pair.chosenProbability());
        return row;
    }

    private static Preference preference(JsonNode object) throws RowException {
        Row row = new Row(object);
        return new Preference(
                prompt(object),
                row.text(CHOSEN),
                row.text(REJECTED),
                row.optionalNumber(MARGIN),
                row.optionalNumber(PROBABILITY));
    }
}
