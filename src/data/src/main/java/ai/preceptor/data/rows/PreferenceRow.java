package ai.preceptor.data.rows;

import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.source.RowException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** TRL's preference rows: {@code chosen} and {@code rejected}, {@code prompt} apart or as their shared beginning. */
final class PreferenceRow {
    private PreferenceRow() {}

    static Preference parse(Row row) throws RowException {
        Double margin = row.optionalNumber("margin");
        Double probability = row.optionalNumber("chosen_probability");
        if (probability != null && !(probability >= 0 && probability <= 1)) {
            throw RowException.key("chosen_probability", "a number in [0, 1]", "number " + probability);
        }
        if (row.has("prompt")) {
            Text prompt = row.promptText("prompt");
            boolean answersHoldThePrompt = prompt instanceof Text.Plain && row.text("chosen") instanceof Text.Chat;
            if (!answersHoldThePrompt) {
                Text chosen = row.reply("chosen", prompt);
                Text rejected = row.reply("rejected", prompt);
                return new Preference(new Prompt(prompt, row.columns()), chosen, rejected, margin, probability);
            }
        }
        return implicit(row, margin, probability);
    }

    /** Also where a plain prompt stands beside whole conversations, as in some public data sets and in TRL. */
    private static Preference implicit(Row row, @Nullable Double margin, @Nullable Double probability)
            throws RowException {
        row.ignore("prompt");
        Text chosen = row.text("chosen");
        Text rejected = row.text("rejected");
        if (chosen.getClass() != rejected.getClass()) {
            throw new RowException("keys \"chosen\" and \"rejected\": expected two strings or two lists of messages,"
                    + " found one of each");
        }
        Map<String, @Nullable Object> columns = row.columns();
        boolean toBeDropped = chosen.isBlank() || rejected.isBlank() || chosen.equals(rejected);
        if (toBeDropped) {
            Text none = chosen instanceof Text.Chat ? Text.chat() : Text.plain("");
            return new Preference(new Prompt(none, columns), chosen, rejected, margin, probability);
        }
        SharedPrompt shared = SharedPrompt.of(chosen, rejected);
        if (shared.prompt().isBlank()) {
            throw nothingShared();
        }
        return new Preference(
                new Prompt(shared.prompt(), columns), shared.chosen(), shared.rejected(), margin, probability);
    }

    static RowException nothingShared() {
        return new RowException("keys \"chosen\" and \"rejected\": expected a shared beginning, the prompt,"
                + " found none; add a key \"prompt\"");
    }

    static @Nullable DropReason dropReason(Preference row) {
        if (row.chosen().isBlank() || row.rejected().isBlank()) {
            return DropReason.EMPTY_ANSWER;
        }
        return row.chosen().equals(row.rejected()) ? DropReason.SAME_ANSWERS : null;
    }
}
