package ai.preceptor.cli.command;

import ai.preceptor.data.DataException;
import ai.preceptor.lm.engine.timing.DecodeChoice;
import ai.preceptor.lm.engine.timing.StepTimes;
import ai.preceptor.lm.generate.DecodeSettings;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What computes a run's steps of sampling, as JSON: {@code rollout_dtype}, and the times or the reason. */
final class ChoiceRecord {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String VALUE = "rollout_dtype";
    private static final String ROWS = "rows";
    private static final String JAVA = "java_ms";
    private static final String LIBTORCH = "libtorch_ms";
    private static final String BECAUSE = "because";
    private static final double DIGITS = 1e3;

    private ChoiceRecord() {}

    /** Keys and values; milliseconds to the third place. */
    static Map<String, Object> row(DecodeChoice choice) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put(VALUE, choice.decode().value());
        StepTimes times = choice.times();
        if (times != null) {
            row.put(ROWS, times.rows());
            row.put(JAVA, Math.round(times.javaMillis() * DIGITS) / DIGITS);
            row.put(LIBTORCH, Math.round(times.libtorchMillis() * DIGITS) / DIGITS);
        }
        if (choice.why() != null) {
            row.put(BECAUSE, choice.why());
        }
        return row;
    }

    static String text(DecodeChoice choice) {
        try {
            return JSON.writeValueAsString(row(choice)) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a choice that is not JSON", e);
        }
    }

    /** @throws DataException if the file is not such a record */
    static DecodeChoice read(Path file) {
        JsonNode row;
        try {
            row = JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
        StepTimes times = row.has(JAVA)
                ? new StepTimes(
                        row.path(ROWS).intValue(),
                        row.path(JAVA).doubleValue(),
                        row.path(LIBTORCH).doubleValue())
                : null;
        return new DecodeChoice(
                decode(file, row.path(VALUE).asText()), times, row.path(BECAUSE).textValue());
    }

    private static DecodeSettings decode(Path file, String value) {
        return Stream.concat(Stream.of(DecodeSettings.TENSORS), DecodeSettings.inJava().stream())
                .filter(settings -> settings.value().equals(value))
                .findFirst()
                .orElseThrow(() -> DataException.in(
                        file, VALUE + ": expected none, float32, bfloat16 or int8, found \"" + value + "\""));
    }
}
