package ai.preceptor.lm.tool;

import java.util.List;

/** Finds the calls of tools in what a model wrote. */
public interface ToolCallParser {
    /**
     * Reads one turn of the model.
     *
     * @param turn its text, special tokens included, the one that ended it left out
     * @return the calls in their order; what is a call and cannot be read is {@link ToolCall#malformed}; empty for a turn
     *     that calls nothing. Never throws
     */
    List<ToolCall> parse(String turn);
}
