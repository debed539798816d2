package ai.preceptor.teacher.prompts;

import ai.preceptor.data.ConfigurationException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What prompts may be about and like: some columns with values each. A combination has one value of every column.
 *
 * @param columns values by column, in order; copied
 */
public record Attributes(Map<String, List<String>> columns) {
    /** Most combinations: they are shuffled in memory. */
    public static final int MOST = 1_000_000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** @throws IllegalArgumentException if there is no column, a column without values, or more combinations than {@link #MOST} */
    public Attributes {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        columns.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        columns = Collections.unmodifiableMap(copy);
        if (columns.isEmpty() || columns.values().stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException(
                    "expected one column or more, with a value or more each, found " + columns);
        }
        if (count(columns) > MOST) {
            throw new IllegalArgumentException("expected at most " + MOST + " combinations, found " + count(columns));
        }
    }

    private static double count(Map<String, List<String>> columns) {
        return columns.values().stream().mapToDouble(List::size).reduce(1, (one, two) -> one * two);
    }

    /**
     * Reads a file: a JSON object of lists of strings, {@code {"domain": ["maths", "law"], "level": ["easy", "hard"]}}.
     *
     * @param key the configuration's, for errors
     * @throws ConfigurationException if it is something else
     */
    public static Attributes read(String key, Path file) {
        try {
            return new Attributes(columns(key, file, JSON.readTree(Files.readString(file))));
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(key + ": " + file + ": expected JSON, found " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ConfigurationException(key + ": " + file + ": cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(key + ": " + file + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, List<String>> columns(String key, Path file, JsonNode object) {
        Map<String, List<String>> columns = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            Set<String> values = new LinkedHashSet<>();
            for (JsonNode value : entry.getValue()) {
                if (!value.isTextual() || value.textValue().isBlank()) {
                    throw new ConfigurationException(key + ": " + file + ": column \"" + entry.getKey()
                            + "\": expected a list of words, found " + entry.getValue());
                }
                values.add(value.textValue().strip());
            }
            columns.put(entry.getKey(), new ArrayList<>(values));
        }
        return columns;
    }

    /** How many combinations there are. */
    public int combinations() {
        return (int) count(columns);
    }

    /**
     * One of them.
     *
     * @param number from 0 to {@link #combinations} - 1; the last column changes first
     */
    public Map<String, String> combination(int number) {
        List<String> names = new ArrayList<>(columns.keySet());
        Map<String, String> backwards = new LinkedHashMap<>();
        int rest = number;
        for (int i = names.size() - 1; i >= 0; i--) {
            List<String> values = columns.getOrDefault(names.get(i), List.of());
            backwards.put(names.get(i), values.get(rest % values.size()));
            rest /= values.size();
        }
        Map<String, String> combination = new LinkedHashMap<>();
        names.forEach(name -> combination.put(name, backwards.getOrDefault(name, "")));
        return combination;
    }
}
