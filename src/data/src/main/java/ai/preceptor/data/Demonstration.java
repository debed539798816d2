package ai.preceptor.data;

import java.util.List;

/**
 * An answer to imitate.
 *
 * @param prompt what was asked; its text is an empty conversation for rows of bare {@code messages},
 *     of which every token is learnt as TRL does
 * @param completion the answer, in the prompt's form
 */
public record Demonstration(Prompt prompt, Text completion) implements Prompted {

    /** @throws IllegalArgumentException if the completion is not in the prompt's form */
    public Demonstration {
        Answer.requireSameForm(prompt, completion, "completion");
    }

    /** Of bare messages what precedes the last answer; the whole conversation if nothing does. */
    @Override
    public Text splitText() {
        if (!(prompt.text() instanceof Text.Chat asked) || !asked.messages().isEmpty()) {
            return prompt.text();
        }
        List<Message> messages = ((Text.Chat) completion).messages();
        int last = messages.size() - 1;
        while (last > 0 && !messages.get(last).role().equals("assistant")) {
            last--;
        }
        return last > 0 ? new Text.Chat(messages.subList(0, last)) : completion;
    }
}
