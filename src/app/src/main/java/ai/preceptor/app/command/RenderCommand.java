package ai.preceptor.app.command;

import ai.preceptor.app.console.Terminal;
import ai.preceptor.app.keys.RenderConfig;
import ai.preceptor.data.JsonlWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes what a model sees of a row: text, tokens, and which of them are the assistant's. */
final class RenderCommand implements Command<RenderConfig> {
    @Override
    public String name() {
        return "render";
    }

    @Override
    public String summary() {
        return "writes what a model sees of each row: rendered text, token ids, the assistant's tokens";
    }

    @Override
    public Class<RenderConfig> configuration() {
        return RenderConfig.class;
    }

    @Override
    public void run(RenderConfig keys, Terminal terminal) {
        List<Turns> rows = Turns.read(keys.data());
        List<Map<String, Object>> rendered = new ArrayList<>();
        try (Renderer renderer = Renderer.of(keys.model(), keys.template())) {
            rows.forEach(row -> rendered.add(renderer.row(row, keys.addGenerationPrompt())));
        }
        JsonlWriter.replace(keys.output(), rendered);
        terminal.out().println(keys.output() + ": " + rendered.size() + " rows");
    }
}
