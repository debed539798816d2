package ai.preceptor.cli.command.tool;

import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
        Dataset<Prompt> dataset = holdsConversations(file)
                ? Datasets.conversations(file, keys.limit(), keys.onBadRow())
                : Datasets.prompts(file, keys.limit(), keys.onBadRow());
        List<RenderRow> turns = new ArrayList<>();
        for (int i = 0; i < dataset.size(); i++) {
            turns.add(new RenderRow(dataset.rows().get(i), dataset.lines().get(i)));
        }
        return turns;
    }

    private static boolean holdsConversations(Path file) {
        try {
            return Datasets.conversations(file, 1, OnBadRow.FAIL).size() > 0;
        } catch (DataException notConversations) {
            return false;
        }
    }
}
