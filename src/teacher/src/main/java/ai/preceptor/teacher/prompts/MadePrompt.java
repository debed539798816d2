package ai.preceptor.teacher.prompts;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A prompt and how it was made.
 *
 * @param text the prompt
 * @param origin columns such as {@code round} and {@code parent}, in the order of a row; copied
 */
public record MadePrompt(String text, Map<String, Object> origin) {
    /** Copies the columns. */
    public MadePrompt {
        origin = Collections.unmodifiableMap(new LinkedHashMap<>(origin));
    }
}
