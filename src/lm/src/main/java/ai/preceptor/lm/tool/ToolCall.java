package ai.preceptor.lm.tool;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call that a model wrote.
 *
 * @param name of the tool; empty where the call is malformed
 * @param arguments as JSON has them; copied
 * @param problem what is wrong with it; null if it is well formed
 */
public record ToolCall(
        String name,
        Map<String, @Nullable Object> arguments,
        @Nullable String problem) {
    /** Copies the arguments. */
    public ToolCall {
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    }

    /** A well-formed one. */
    public ToolCall(String name, Map<String, @Nullable Object> arguments) {
        this(name, arguments, null);
    }

    /** One that cannot be read, and why. */
    public static ToolCall malformed(String problem) {
        return new ToolCall("", Map.of(), problem);
    }
}
