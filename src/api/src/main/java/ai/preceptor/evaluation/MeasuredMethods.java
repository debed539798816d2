package ai.preceptor.evaluation;

import ai.preceptor.data.rows.JsonlReader;
import ai.preceptor.data.rows.JsonlWriter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The methods an evaluation has measured, in a file of JSON lines, so that one that was stopped does not measure them
 * again. A line that was made with other keys is left alone and not used.
 */
public final class MeasuredMethods implements AutoCloseable {
    /**
     * One method.
     *
     * @param method its name
     * @param row its measures, as {@code summary.json} has them
     * @param answers to the first prompts, one each
     */
    public record Measured(String method, JsonNode row, List<String> answers) {}

    /** Prompts whose answers are kept to be shown. */
    private static final int SHOWN = 4;

    private final String keys;
    private final Map<String, Measured> known = new LinkedHashMap<>();
    private final JsonlWriter writer;

    private MeasuredMethods(String keys, JsonlWriter writer) {
        this.keys = keys;
        this.writer = writer;
    }

    /**
     * Opens the file.
     *
     * @param keys all that a measure depends on
     * @param resume whether what is in the file counts; if not, it is lost
     */
    public static MeasuredMethods open(Path file, String keys, boolean resume) {
        boolean goingOn = resume && Files.exists(file);
        List<JsonNode> rows = goingOn ? JsonlReader.committedRows(file) : List.of();
        MeasuredMethods methods =
                new MeasuredMethods(keys, goingOn ? JsonlWriter.append(file) : JsonlWriter.create(file));
        for (JsonNode row : rows) {
            if (row.path("keys").asText().equals(keys)) {
                List<String> answers = new ArrayList<>();
                row.path("answers").forEach(answer -> answers.add(answer.asText()));
                String method = row.path("method").asText();
                methods.known.put(
                        id(method, row.path("model").asText()), new Measured(method, row.path("row"), answers));
            }
        }
        return methods;
    }

    /**
     * What is known of a method; what is not yet known is measured and kept.
     *
     * @param model its directory, and whatever else tells it apart from others
     */
    public Measured get(String method, String model, Supplier<MethodMeasures> measure) {
        Measured kept = known.get(id(method, model));
        return kept == null ? add(method, model, measure.get()) : kept;
    }

    private Measured add(String method, String model, MethodMeasures measures) {
        Map<String, @Nullable Object> row = measures.toRow();
        List<String> answers = measures.answers().completions().stream()
                .limit(SHOWN)
                .map(own -> own.get(0).text())
                .toList();
        writer.write(Map.of("method", method, "model", model, "keys", keys, "row", row, "answers", answers));
        Measured measured = new Measured(method, new ObjectMapper().valueToTree(row), answers);
        known.put(id(method, model), measured);
        return measured;
    }

    private static String id(String method, String model) {
        return method + " " + model;
    }

    @Override
    public void close() {
        writer.close();
    }
}
