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
        if (isImplicit(row)) {
            return implicit(row, margin, probability);
        }
        Text prompt = row.promptText("prompt");
        Text chosen = row.reply("chosen", prompt);
        Text rejected = row.reply("rejected", prompt);
        return new Preference(new Prompt(prompt, row.columns()), chosen, rejected, margin, probability);
    }

    /**
     * Whether the answers hold the prompt: also where a plain one stands beside whole conversations, as in some public data
     * sets and in TRL.
     */
    static boolean isImplicit(Row row) {
        return !row.has("prompt") || (row.hasList("chosen") && !row.hasList("prompt"));
    }

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
            Text prompt = chosen instanceof Text.Chat
                    ? SharedPrompt.of(chosen, rejected).prompt()
                    : Text.plain("");
            return new Preference(new Prompt(prompt, columns), chosen, rejected, margin, probability);
        }
        SharedPrompt shared = SharedPrompt.of(chosen, rejected);
        if (shared.prompt().isBlank()) {
            throw nothingShared(row);
        }
        return new Preference(
                new Prompt(shared.prompt(), columns), shared.chosen(), shared.rejected(), margin, probability);
    }

    static RowException nothingShared(Row row) {
        if (row.has("prompt")) {
            return RowException.key(
                    "prompt",
                    "a list of messages, because \"chosen\" and \"rejected\" are such lists without a shared beginning",
                    "a string");
        }
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
