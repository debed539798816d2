package ai.preceptor.data.tool;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tool that a model may call while it answers.
 *
 * <p>The program calls it from any thread, one call at a time, and interrupts a call that takes longer than {@code
 * tool_timeout}. What it returns is untrusted text: it is cut at {@code tool_max_output} characters and encoded so that it
 * cannot form a special token. A run can be resumed bit by bit only if the output depends on the arguments alone.
 */
public interface Tool {
    /** What the model calls it: letters, digits, {@code _} and {@code -}, 1 to 64 of them. */
    String name();

    /** What it is for, for the model to read; not blank. */
    String description();

    /**
     * The arguments as a JSON schema of an object, such as {@code {"type": "object", "properties": {"expression": {"type":
     * "string"}}, "required": ["expression"]}}; values are maps, lists, strings, numbers and booleans.
     */
    Map<String, Object> parameters();

    /**
     * Answers one call.
     *
     * @param arguments what the model wrote, as JSON has it: maps, lists, strings, numbers, booleans, null; not checked
     *     against the schema
     * @return for the model to read; may be empty
     * @throws Exception if it cannot answer; the model reads the message as an error, and the run goes on
     */
    String call(Map<String, @Nullable Object> arguments) throws Exception;
}
