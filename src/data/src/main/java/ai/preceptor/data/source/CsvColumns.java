package ai.preceptor.data.source;

import ai.preceptor.data.DataException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a CSV file. An empty cell is absent. {@code messages}, {@code responses}, {@code scores}, {@code
 * completions}, {@code labels}, {@code tools}, {@code documents} and {@code chat_template_kwargs} hold JSON; {@code prompt}, {@code chosen}, {@code rejected} and {@code
 * completion} hold text, or messages as JSON; {@code margin} and {@code chosen_probability} hold numbers, {@code label} true,
 * false, 1 or 0. All other cells are text. A column without a name, as the index that pandas writes, is left out.
 *
 * @param names by their places; empty for one that is left out
 */
record CsvColumns(List<String> names) {
    private static final JsonMapper MAPPER = JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(Csv.CELLS).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Set<String> TEXTS = Set.of("prompt", "chosen", "rejected", "completion");
    private static final Set<String> JSON = Set.of(
            "messages", "responses", "scores", "completions", "labels", "tools", "documents", "chat_template_kwargs");
    private static final Set<String> NUMBERS = Set.of("margin", "chosen_probability");
    private static final String LABEL = "label";

    /** @throws DataException if a name stands twice, or there is none */
    static CsvColumns of(Path file, List<String> header) {
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String cell : header) {
            String name = cell.strip();
            if (!name.isEmpty() && !seen.add(name)) {
                throw DataException.at(
                        file, 1, "expected a column's name once in the header, found \"" + name + "\" twice");
            }
            names.add(name);
        }
        if (seen.isEmpty()) {
            throw DataException.at(file, 1, "expected the names of columns in the first line, found none");
        }
        return new CsvColumns(names);
    }

    /**
     * A row as JSON.
     *
     * @param found how many cells the row has, of which {@code cells} are the first
     */
    String json(List<String> cells, int found) throws RowException {
        if (found != names.size()) {
            throw new RowException("expected " + names.size() + " cells, as the header has, found " + found);
        }
        ObjectNode row = MAPPER.createObjectNode();
        for (int i = 0; i < found; i++) {
            if (!names.get(i).isEmpty() && !cells.get(i).isEmpty()) {
                put(row, names.get(i), cells.get(i));
            }
        }
        return row.toString();
    }

    private static void put(ObjectNode row, String name, String cell) throws RowException {
        String word = cell.strip();
        if (JSON.contains(name)) {
            row.set(name, json(name, word));
        } else if (TEXTS.contains(name) && word.startsWith("[")) {
            JsonNode messages = messages(name, word);
            row.set(name, messages == null ? row.textNode(cell) : messages);
        } else if (NUMBERS.contains(name)) {
            row.set(name, number(row, word));
        } else if (name.equals(LABEL) && (word.equalsIgnoreCase("true") || word.equalsIgnoreCase("false"))) {
            row.put(name, word.equalsIgnoreCase("true"));
        } else if (name.equals(LABEL)) {
            row.set(name, number(row, word));
        } else {
            row.put(name, cell);
        }
    }

    private static JsonNode json(String name, String word) throws RowException {
        try {
            return MAPPER.readTree(word);
        } catch (JsonProcessingException e) {
            throw notJson(name, word);
        }
    }

    /** Messages, or null if it is text that only starts like a list. */
    private static @Nullable JsonNode messages(String name, String word) throws RowException {
        if (word.startsWith("[{'")) {
            throw notJson(name, word);
        }
        try {
            JsonNode list = MAPPER.readTree(word);
            boolean all = list.isArray() && !list.isEmpty();
            for (JsonNode one : list) {
                all &= one.isObject() && one.has("role");
            }
            return all ? list : null;
        } catch (JsonProcessingException text) {
            return null;
        }
    }

    /** A number, or the text as it is, which whoever reads the row refuses. */
    private static JsonNode number(ObjectNode row, String word) {
        try {
            JsonNode value = MAPPER.readTree(word);
            return value.isNumber() ? value : row.textNode(word);
        } catch (JsonProcessingException text) {
            return row.textNode(word);
        }
    }

    private static RowException notJson(String name, String word) {
        String start = word.substring(0, Math.min(word.length(), 40)).replace("\n", "\\n");
        return RowException.key(
                name,
                "JSON in a cell of this column",
                "\"" + start + "\"" + (word.contains("'") ? ", which may be a list as Python prints it" : ""));
    }
}
