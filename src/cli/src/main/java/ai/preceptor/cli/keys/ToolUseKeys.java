package ai.preceptor.cli.keys;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.lm.tool.ToolSettings;
import java.util.Optional;

/** Tools, and how a model uses them. */
public record ToolUseKeys(
        @Group(title = "Tools") ToolKeys tools,
        @Group(title = "Tools") ToolSettings settings) implements Checked {
    @Override
    public void check(Checks checks) {
        if (!tools.isGiven() && !settings.equals(ToolSettings.defaults())) {
            checks.refuse(
                    "tools",
                    "expected at least one with max_tool_calling_iterations, tool_timeout, tool_max_output,"
                            + " tool_call_format or tool_template, found none");
        }
    }

    /** Rows that can show tools: one whose prompt is plain text is a bad row. All rows where there are no tools. */
    public RowFormat.Reader<Prompt> checked(RowFormat.Reader<Prompt> reader) {
        return tools.isGiven()
                ? (file, maxRows, onBadRow) ->
                        reader.read(file, maxRows, onBadRow).require(file, onBadRow, ToolUseKeys::problem)
                : reader;
    }

    private static Optional<String> problem(Prompt prompt) {
        return prompt.text() instanceof Text.Chat
                ? Optional.empty()
                : Optional.of("key \"prompt\": expected a list of messages with tools, which plain text cannot show,"
                        + " found a string");
    }

    /** Makes the tools; the caller closes them. */
    public OpenTools open() {
        return OpenTools.of(tools, settings);
    }
}
