package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Message;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Preferences as rows of TRL's formats, which {@code Datasets} reads back. The prompt's columns stay columns, but for
 * those that have the name of a key of the format.
 */
public final class PreferenceRows {
    private static final String MARGIN = "margin";
    private static final String PROBABILITY = "chosen_probability";

    private PreferenceRows() {}

    /** A pair: {@code prompt}, {@code chosen}, {@code rejected}, {@code margin} and {@code chosen_probability} where known. */
    public static Map<String, @Nullable Object> of(Preference preference) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("prompt", text(preference.prompt().text()));
        row.put("chosen", text(preference.chosen()));
        row.put("rejected", text(preference.rejected()));
        if (preference.margin() != null) {
            row.put(MARGIN, preference.margin());
        }
        if (preference.chosenProbability() != null) {
            row.put(PROBABILITY, preference.chosenProbability());
        }
        return withColumns(row, preference.prompt());
    }

    /** A ranked group: {@code prompt}, {@code responses}, {@code scores}. */
    public static Map<String, @Nullable Object> of(RankedGroup group) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("prompt", text(group.prompt().text()));
        row.put(
                "responses",
                group.responses().stream().map(PreferenceRows::text).toList());
        row.put("scores", group.scores());
        return withColumns(row, group.prompt());
    }

    private static Map<String, @Nullable Object> withColumns(Map<String, @Nullable Object> row, Prompt prompt) {
        prompt.columns().forEach((key, value) -> {
            // a column of this name, in a row whose pair has no margin, would be read as the pair's
            if (!key.equals(MARGIN) && !key.equals(PROBABILITY)) {
                row.putIfAbsent(key, value);
            }
        });
        return row;
    }

    /** A text as JSON has it: a string, or a list of messages. */
    static Object text(Text text) {
        return text instanceof Text.Chat chat
                ? chat.messages().stream().map(Message::toMap).toList()
                : text.asString();
    }
}
