package ai.preceptor.lm.tool;

import java.util.List;

/**
 * Calls as Llama 3 writes them: the whole turn is {@code {"name": ..., "parameters": {...}}}, maybe after {@code
 * <|python_tag|>}. A turn that is another JSON object calls nothing.
 */
public record LlamaCalls() implements ToolCallParser {
    private static final String TAG = "<|python_tag|>";

    @Override
    public List<ToolCall> parse(String turn) {
        String text = turn.strip();
        if (text.startsWith(TAG)) {
            return CallJson.calls(text.substring(TAG.length()).strip());
        }
        boolean names = text.startsWith("{") && text.substring(1).stripLeading().startsWith("\"name\"");
        return names ? CallJson.calls(text) : List.of();
    }
}
