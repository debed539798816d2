package ai.preceptor.cli.command.tool;

import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.inference.RenderConfig;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.source.RowPlace;
import ai.preceptor.lm.text.EncodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes how a model reads a row: text, tokens, and the mask of the assistant's tokens. */
public final class RenderCommand extends Command<RenderConfig> {
    public RenderCommand() {
        super(
                "render",
                "writes a model's input for each row: rendered text, token ids, the assistant's tokens",
                RenderConfig.class);
    }

    @Override
    public void run(RenderConfig keys, Terminal terminal) {
        boolean conversations = holdsConversations(keys.data().data());
        Dataset<Prompt> rows = rows(keys.data(), conversations);
        List<Map<String, Object>> rendered = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        try (Renderer renderer = Renderer.of(keys.model(), keys.template())) {
            for (int i = 0; i < rows.size(); i++) {
                try {
                    Prompt row = rows.rows().get(i);
                    Boolean given = keys.addGenerationPrompt();
                    rendered.add(renderer.row(row, given == null ? !(conversations && isAnswered(row)) : given));
                } catch (EncodingException refused) {
                    skipped.add(skip(keys.data(), rows.places().get(i), refused));
                }
            }
        }
        JsonlWriter.replace(keys.output(), rendered);
        skipped.forEach(line -> terminal.err().println("  skipped " + line));
        terminal.out()
                .println(keys.output() + ": " + rendered.size() + (rendered.size() == 1 ? " row" : " rows")
                        + (skipped.isEmpty() ? "" : ", " + skipped.size() + " skipped"));
    }

    /** Rows of {@code messages} or of {@code prompt}; the first row with one of these keys decides which. */
    private static Dataset<Prompt> rows(DataKeys keys, boolean conversations) {
        return conversations
                ? Datasets.conversations(keys.data(), keys.limit(), keys.onBadRow())
                : Datasets.prompts(keys.data(), keys.limit(), keys.onBadRow());
    }

    private static boolean holdsConversations(Path file) {
        Boolean found = Datasets.kind(file, RenderCommand::holdConversations);
        return found != null && found;
    }

    private static @Nullable Boolean holdConversations(Set<String> keys) {
        if (keys.contains("messages")) {
            return true;
        }
        boolean prompts = keys.contains("prompt") || keys.contains("chosen");
        return prompts ? false : null;
    }

    private static boolean isAnswered(Prompt row) {
        return row.text() instanceof Text.Chat chat
                && chat.messages().get(chat.messages().size() - 1).role().equals("assistant");
    }

    /** The reason given for a row that the template refuses, where such rows may be skipped. */
    private static String skip(DataKeys data, RowPlace place, EncodingException refused) {
        String located = place + ": " + refused.getMessage();
        if (data.onBadRow() == OnBadRow.FAIL) {
            throw new DataException(located, refused);
        }
        return located;
    }
}
