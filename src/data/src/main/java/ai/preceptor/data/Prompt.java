package ai.preceptor.data;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model is asked.
 *
 * @param text the question: a plain string or a conversation that waits for its next turn
 * @param columns the row's other columns in their original order, for rules and for chat templates
 *     ({@code tools}); copied deeply and unmodifiable
 */
public record Prompt(Text text, Map<String, @Nullable Object> columns) implements Prompted {

    /** Copies the columns. An empty text is legal here (bare {@code messages}); readers refuse it where it is not. */
    public Prompt {
        columns = JsonValues.freeze(columns);
    }

    /** A prompt without further columns. */
    public Prompt(Text text) {
        this(text, Map.of());
    }

    /** A plain prompt without further columns. */
    public static Prompt plain(String text) {
        return new Prompt(new Text.Plain(text));
    }

    /** A conversation without further columns. */
    public static Prompt chat(Message... messages) {
        return new Prompt(new Text.Chat(List.of(messages)));
    }

    /** A conversation of one user message, the usual instruction. */
    public static Prompt user(String content) {
        return chat(Message.user(content));
    }

    /** An answer in this prompt's own form: an assistant message to a conversation, else the plain string. */
    public Text reply(String answer) {
        return text instanceof Text.Chat ? Text.chat(Message.assistant(answer)) : new Text.Plain(answer);
    }

    /** Itself, so that prompts can be split like any other row. */
    @Override
    public Prompt prompt() {
        return this;
    }
}
