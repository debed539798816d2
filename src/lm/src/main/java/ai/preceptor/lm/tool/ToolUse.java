package ai.preceptor.lm.tool;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.tool.Tool;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.TemplateEncoder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tools, and how a model uses them.
 *
 * @param tools at least one; stay their owner's; copied
 * @param settings bounds and formats
 * @param parser reads calls, in the place of what {@code tool_call_format} names; null for that
 */
public record ToolUse(
        List<Tool> tools, ToolSettings settings, @Nullable ToolCallParser parser) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PLACE = "{{tools}}";

    /** Copies the list. */
    public ToolUse {
        tools = List.copyOf(tools);
    }

    /** Calls are written as the settings say. */
    public ToolUse(List<Tool> tools, ToolSettings settings) {
        this(tools, settings, null);
    }

    /** Tools with everything at its default. */
    public static ToolUse of(Tool... tools) {
        return new ToolUse(List.of(tools), ToolSettings.defaults());
    }

    /** The same with calls that are read otherwise. */
    public ToolUse with(ToolCallParser other) {
        return new ToolUse(tools, settings, other);
    }

    /**
     * The same encoder with the tools in every conversation: by the chat template, or, where that shows none, in a system
     * message.
     *
     * @param plain of the model, without tools
     * @throws ConfigurationException if a tool is not as {@link Tool} says, there is no chat template, or it shows no tools
     *     and nothing says how the own parser's calls are written
     */
    public TemplateEncoder encoder(TemplateEncoder plain) {
        List<Map<String, Object>> schemas = runner().schemas();
        TemplateEncoder shown = plain.withTools(schemas, null);
        return shows(plain, shown) ? shown : plain.withTools(schemas, instructions(plain, schemas));
    }

    /** Whether the chat template writes tools. */
    private static boolean shows(TemplateEncoder plain, TemplateEncoder shown) {
        Prompt prompt = Prompt.user("x");
        List<Message> messages = List.of(Message.user("x"));
        try {
            return !plain.render(prompt, messages, true).equals(shown.render(prompt, messages, true));
        } catch (EncodingException e) {
            throw refused(e);
        }
    }

    private String instructions(TemplateEncoder plain, List<Map<String, Object>> schemas) {
        StringBuilder lines = new StringBuilder();
        for (Map<String, Object> schema : schemas) {
            try {
                lines.append(lines.length() == 0 ? "" : "\n").append(JSON.writeValueAsString(schema));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a schema is JSON", e);
            }
        }
        Path file = settings.toolTemplate();
        String template = file == null ? standard(plain) : read(file);
        if (!template.contains(PLACE)) {
            throw new ConfigurationException(
                    "tool_template: " + file + ": expected a text with " + PLACE + ", found none in it");
        }
        return template.replace(PLACE, lines).strip();
    }

    /** The program's own text, which describes the format of the calls that are read. */
    private String standard(TemplateEncoder plain) {
        if (parser != null) {
            throw new ConfigurationException(
                    "tool_template: expected a text that says how your parser's calls are written,"
                            + " since the chat template shows no tools, found none");
        }
        String resource = format(plain, turns(plain)).instructions();
        try (InputStream standard = Objects.requireNonNull(ToolUse.class.getResourceAsStream(resource))) {
            return new String(standard.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ToolRunner runner() {
        return new ToolRunner(tools, settings.timeout(), settings.toolMaxOutput());
    }

    /**
     * What goes on with a model's answers.
     *
     * @param plain the model's encoder, without tools
     * @param context most tokens that the model reads
     * @throws ConfigurationException if the chat template cannot write a turn of tools, or writes calls in a format that
     *     is not known and none is given
     */
    public ToolLoop loop(TemplateEncoder plain, int context) {
        ToolTurnEncoder turns = turns(plain);
        return new ToolLoop(
                turns,
                parser == null ? format(plain, turns).parser() : parser,
                runner(),
                new ToolLoop.ModelTurns(
                        ids -> plain.decode(ids, false), plain.tokenizer().stopIds(), context),
                settings.iterations(),
                System::nanoTime);
    }

    private static ToolTurnEncoder turns(TemplateEncoder plain) {
        try {
            return new ToolTurnEncoder(plain.ofToolTurns());
        } catch (EncodingException e) {
            throw refused(e);
        }
    }

    /** The one given, or the template's. A template that shows no tools leaves the choice to the system message. */
    private ToolCallFormat format(TemplateEncoder plain, ToolTurnEncoder turns) {
        if (settings.toolCallFormat() != null) {
            return settings.toolCallFormat();
        }
        String example = turns.exampleOfCall();
        if (example.contains(HermesCalls.BEGIN)) {
            return ToolCallFormat.HERMES;
        } else if (example.contains("\"parameters\"")) {
            return ToolCallFormat.LLAMA3;
        } else if (shows(plain, plain.withTools(runner().schemas(), null))) {
            throw new ConfigurationException(
                    "tool_call_format: expected hermes or llama3 where the chat template writes"
                            + " calls in neither format, found none; it writes: " + example);
        }
        return ToolCallFormat.HERMES;
    }

    private static ConfigurationException refused(EncodingException e) {
        return new ConfigurationException("tools: the model's chat template cannot be used: " + e.getMessage(), e);
    }
}
