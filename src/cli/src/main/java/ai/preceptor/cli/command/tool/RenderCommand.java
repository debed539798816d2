package ai.preceptor.cli.command.tool;

import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.inference.RenderConfig;
import ai.preceptor.data.DataException;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.lm.text.EncodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes what a model sees of a row: text, tokens, and which of them are the assistant's. */
public final class RenderCommand extends Command<RenderConfig> {
    public RenderCommand() {
        super(
                "render",
                "writes a model's input for each row: rendered text, token ids, the assistant's tokens",
                RenderConfig.class);
    }

    @Override
    public void run(RenderConfig keys, Terminal terminal) {
        List<RenderRow> rows = RenderRow.read(keys.data());
        List<Map<String, Object>> rendered = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        try (Renderer renderer = Renderer.of(keys.model(), keys.template())) {
            for (RenderRow row : rows) {
                try {
                    rendered.add(renderer.row(row.prompt(), keys.addGenerationPrompt()));
                } catch (EncodingException refused) {
                    skipped.add(skip(keys.data(), row, refused));
                }
            }
        }
        JsonlWriter.replace(keys.output(), rendered);
        skipped.forEach(line -> terminal.err().println("  skipped " + line));
        terminal.out()
                .println(keys.output() + ": " + rendered.size() + " rows"
                        + (skipped.isEmpty() ? "" : ", " + skipped.size() + " skipped"));
    }

    /** What is said of a row that the template refuses, where such rows may be skipped. */
    private static String skip(DataKeys data, RenderRow row, EncodingException refused) {
        String located = data.data() + ":" + row.line() + ": " + refused.getMessage();
        if (data.onBadRow() == OnBadRow.FAIL) {
            throw new DataException(located, refused);
        }
        return located;
    }
}
