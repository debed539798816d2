package ai.preceptor.lm.tool;

import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.data.setting.Refusals;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a model's calls of tools are read and answered.
 *
 * @param maxToolCallingIterations turns of tools in one answer, 1 or more; null for no limit but that of the answer's tokens
 * @param toolTimeout seconds that one call may take, above 0
 * @param toolMaxOutput characters of an output, 1 or more; the rest is cut off
 * @param toolCallFormat how calls are written; null for what the chat template writes
 * @param toolTemplate text in the place of what a system message says of the tools where the chat template shows none, with
 *     {@code {{tools}}} in it; null for the program's own
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record ToolSettings(
        @Key(
                help = "maximum turns of tool calls in an answer",
                defaultText = "limited by length only",
                range = "[1, inf)")
        @Nullable
        Integer maxToolCallingIterations,

        @Key(help = "time limit of a tool call in seconds", defaultValue = "10", range = "(0, 3600]")
        double toolTimeout,

        @Key(
                help = "maximum characters of a tool's output; longer outputs are truncated",
                defaultValue = "2000",
                range = "[1, inf)")
        int toolMaxOutput,

        @Key(
                help = "format of the model's calls: hermes (<tool_call>) or llama3 (JSON)",
                defaultText = "by the chat template")
        @Nullable
        ToolCallFormat toolCallFormat,

        @Key(
                help = "text file with {{tools}}: the system message that describes the tools if the chat template "
                        + "does not",
                path = PathKind.FILE)
        @Nullable
        Path toolTemplate) {
    /** @throws ai.preceptor.data.setting.RefusedSettingsException when a value is out of its range */
    public ToolSettings {
        Refusals.of(
                        ToolSettings.class,
                        maxToolCallingIterations,
                        toolTimeout,
                        toolMaxOutput,
                        toolCallFormat,
                        toolTemplate)
                .throwIfAny();
    }

    /** Everything at its default. */
    public static ToolSettings defaults() {
        return new DefaultSettings<>(ToolSettings.class).make();
    }

    /** Starts from the defaults. */
    public static ToolSettingsBuilder builder() {
        return ToolSettingsBuilder.builder(defaults());
    }

    /** Longest time of one call. */
    Duration timeout() {
        return Duration.ofMillis(Math.max(1, Math.round(toolTimeout * 1000)));
    }

    /** Most turns of tools in one answer. */
    int iterations() {
        return maxToolCallingIterations == null ? Integer.MAX_VALUE : maxToolCallingIterations;
    }
}
