package ai.preceptor.data.rows;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import org.jspecify.annotations.Nullable;

/** Prompts alone; preference rows serve too, also those whose prompt is the shared beginning of the answers. */
final class PromptFormat implements RowFormat<Prompt> {
    private final PreferenceFormat preferences = new PreferenceFormat();

    @Override
    public Prompt parse(Row row) throws RowException {
        if (!row.has("prompt") && row.has("chosen") && row.has("rejected")) {
            Prompt prompt = preferences.parse(row).prompt();
            if (prompt.text().isBlank()) {
                throw new RowException("keys \"chosen\" and \"rejected\": expected a shared beginning, the prompt,"
                        + " found none; add a key \"prompt\"");
            }
            return prompt;
        }
        Text text = row.promptText("prompt");
        return new Prompt(text, row.columns());
    }

    @Override
    public @Nullable DropReason dropReason(Prompt row) {
        return null;
    }
}
