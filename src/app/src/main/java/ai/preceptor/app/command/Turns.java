package ai.preceptor.app.command;

import ai.preceptor.app.keys.DataKeys;
import ai.preceptor.data.Conversation;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Datasets;
import ai.preceptor.data.OnBadRow;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import java.nio.file.Path;
import java.util.List;

/**
 * A row to be rendered.
 *
 * @param prompt what stands in it, with the columns that templates see
 */
record Turns(Prompt prompt) {
    /** Rows of {@code messages} or of {@code prompt}, told apart by the first row. */
    static List<Turns> read(DataKeys keys) {
        Path file = keys.data();
        if (holdsConversations(file)) {
            return Datasets.conversations(file, keys.limit(), keys.onBadRow()).rows().stream()
                    .map(Turns::of)
                    .toList();
        }
        return Datasets.prompts(file, keys.limit(), keys.onBadRow()).rows().stream()
                .map(Turns::new)
                .toList();
    }

    private static Turns of(Conversation row) {
        return new Turns(new Prompt(new Text.Chat(row.messages()), row.columns()));
    }

    private static boolean holdsConversations(Path file) {
        try {
            return Datasets.conversations(file, 1, OnBadRow.FAIL).size() > 0;
        } catch (DataException notConversations) {
            return false;
        }
    }
}
