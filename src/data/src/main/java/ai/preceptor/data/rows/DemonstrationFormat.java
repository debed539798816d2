package ai.preceptor.data.rows;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import org.jspecify.annotations.Nullable;

/** Answers to imitate: {@code prompt} and {@code completion}, or whole {@code messages}. */
final class DemonstrationFormat implements RowFormat<Demonstration> {
    private final ConversationFormat conversations = new ConversationFormat();

    @Override
    public Demonstration parse(Row row) throws RowException {
        if (row.has("messages") && !row.has("completion")) {
            return conversations.parse(row).wholly();
        }
        if (!row.has("prompt") || !row.has("completion")) {
            throw new RowException(
                    "expected the keys prompt and completion, or messages; the row has the keys " + row.keys());
        }
        Text prompt = row.promptText("prompt");
        Text completion = row.reply("completion", prompt);
        return new Demonstration(new Prompt(prompt, row.columns()), completion);
    }

    @Override
    public @Nullable DropReason dropReason(Demonstration row) {
        return row.completion().isBlank() ? DropReason.EMPTY_ANSWER : null;
    }
}
