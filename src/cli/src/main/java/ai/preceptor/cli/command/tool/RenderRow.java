package ai.preceptor.cli.command.tool;

import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.data.Conversation;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A row to be rendered.
 *
 * @param prompt what stands in it, with the columns that templates see
 * @param line where it stands in its file, from 1
 */
record RenderRow(Prompt prompt, long line) {
    /** Rows of {@code messages} or of {@code prompt}; the first row decides which. */
    static List<RenderRow> read(DataKeys keys) {
        Path file = keys.data();
        return holdsConversations(file)
                ? of(Datasets.conversations(file, keys.limit(), keys.onBadRow()), RenderRow::prompt)
                : of(Datasets.prompts(file, keys.limit(), keys.onBadRow()), prompt -> prompt);
    }

    private static <R> List<RenderRow> of(Dataset<R> dataset, Function<R, Prompt> prompt) {
        List<RenderRow> turns = new ArrayList<>();
        for (int i = 0; i < dataset.size(); i++) {
            turns.add(new RenderRow(
                    prompt.apply(dataset.rows().get(i)), dataset.lines().get(i)));
        }
        return turns;
    }

    private static Prompt prompt(Conversation row) {
        return new Prompt(new Text.Chat(row.messages()), row.columns());
    }

    private static boolean holdsConversations(Path file) {
        try {
            return Datasets.conversations(file, 1, OnBadRow.FAIL).size() > 0;
        } catch (DataException notConversations) {
            return false;
        }
    }
}
