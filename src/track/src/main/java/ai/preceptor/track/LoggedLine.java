package ai.preceptor.track;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A line of {@code metrics.jsonl}: of a step, or of an evaluation after it.
 *
 * @param step number of the step, the first being 1
 * @param millis when it was read, since 1970; a line that is sent again keeps it
 * @param values its numbers but {@code step}, by their names; may be NaN or infinite
 */
public record LoggedLine(int step, long millis, Map<String, Double> values) {
    public LoggedLine {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
