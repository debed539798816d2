package ai.preceptor.lm.tool;

import java.util.ArrayList;
import java.util.List;

/**
 * Calls as Hermes, Qwen and SmolLM write them: {@code <tool_call>} and {@code </tool_call>} around JSON, any number in a
 * turn. A last call may lack its end.
 */
public record HermesCalls() implements ToolCallParser {
    static final String BEGIN = "<tool_call>";
    private static final String END = "</tool_call>";

    @Override
    public List<ToolCall> parse(String turn) {
        List<ToolCall> calls = new ArrayList<>();
        int at = turn.indexOf(BEGIN);
        while (at >= 0) {
            int from = at + BEGIN.length();
            int end = turn.indexOf(END, from);
            calls.addAll(CallJson.calls(
                    turn.substring(from, end < 0 ? turn.length() : end).strip()));
            at = end < 0 ? -1 : turn.indexOf(BEGIN, end);
        }
        return calls;
    }
}
