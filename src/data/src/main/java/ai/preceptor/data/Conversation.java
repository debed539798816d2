package ai.preceptor.data;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole conversation to imitate (TRL's {@code messages}).
 *
 * @param messages at least one turn, in order; copied
 * @param columns the row's other columns ({@code tools}, ...), copied deeply and unmodifiable
 */
public record Conversation(List<Message> messages, Map<String, @Nullable Object> columns) {

    /**
     * Copies both.
     *
     * @throws IllegalArgumentException if there is no message
     */
    public Conversation {
        messages = List.copyOf(messages);
        columns = JsonValues.freeze(columns);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("messages: expected at least 1, received 0");
        }
    }

    /** All tokens are learnt, as TRL does by default: an empty prompt, and the conversation as its completion. */
    public Demonstration wholly() {
        return new Demonstration(new Prompt(new Text.Chat(List.of()), columns), new Text.Chat(messages));
    }

    /**
     * Only the last assistant turn is learnt, the turns before it are the prompt. Turns after the
     * last assistant turn are left out, since nothing is to be learnt from them.
     *
     * @throws IllegalArgumentException if no assistant speaks, or nothing precedes its last turn
     */
    public Demonstration lastTurn() {
        for (int i = messages.size() - 1; i > 0; i--) {
            if (messages.get(i).role().equals("assistant")) {
                Prompt prompt = new Prompt(new Text.Chat(messages.subList(0, i)), columns);
                return new Demonstration(prompt, new Text.Chat(messages.subList(i, i + 1)));
            }
        }
        List<String> roles = messages.stream().map(Message::role).toList();
        throw new IllegalArgumentException(
                "messages: expected an assistant turn after another turn, received roles " + roles);
    }
}
