package ai.preceptor.data.rows;

import ai.preceptor.data.LabeledCompletion;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import org.jspecify.annotations.Nullable;

/** TRL's unpaired preference rows: {@code prompt}, {@code completion} and {@code label}. */
final class LabeledCompletionFormat implements RowFormat<LabeledCompletion> {

    @Override
    public LabeledCompletion parse(Row row) throws RowException {
        Text prompt = row.promptText("prompt");
        Text completion = row.reply("completion", prompt);
        boolean label = row.bool("label");
        return new LabeledCompletion(new Prompt(prompt, row.columns()), completion, label);
    }

    @Override
    public @Nullable DropReason dropReason(LabeledCompletion row) {
        return row.completion().isBlank() ? DropReason.EMPTY_ANSWER : null;
    }
}
