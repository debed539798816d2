package ai.preceptor.jinja;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Inputs of a template besides the messages.
 *
 * @param addGenerationPrompt whether the text ends where the assistant's answer begins
 * @param variables further variables by name, such as {@code bos_token}, {@code eos_token}, {@code tools},
 *     {@code documents} or {@code enable_thinking}; values are JSON-like (null, booleans, numbers, strings, lists,
 *     maps). {@code tools} and {@code documents} are none unless given
 */
public record RenderOptions(boolean addGenerationPrompt, Map<String, Object> variables) {
    public RenderOptions {
        // Map.copyOf would refuse null values, which mean none.
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    }
}
