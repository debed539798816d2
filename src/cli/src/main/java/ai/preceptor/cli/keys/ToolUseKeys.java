package ai.preceptor.cli.keys;

import ai.preceptor.cli.config.Resolved;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.lm.tool.ToolSettings;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tools, and how a model uses them. */
public record ToolUseKeys(
        @Group(title = "Tools") ToolKeys tools,
        @Group(title = "Tools") ToolSettings settings) implements Checked {
    @Override
    public void check(Checks checks) {
        if (tools.isGiven()) {
            return;
        }
        Map<String, @Nullable Object> standard = new Resolved(ToolSettings.defaults()).toMap();
        new Resolved(settings).toMap().forEach((key, value) -> {
            if (!Objects.equals(value, standard.get(key))) {
                checks.refuse(key, "expected nothing without tools, found " + value);
            }
        });
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
