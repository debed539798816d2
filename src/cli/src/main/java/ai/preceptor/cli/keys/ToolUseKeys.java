package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.lm.tool.ToolSettings;

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

    /** Makes the tools; the caller closes them. */
    public OpenTools open() {
        return OpenTools.of(tools, settings);
    }
}
