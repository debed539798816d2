package ai.preceptor.data;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The input of a scorer or judge: an answer and its prompt. Answers of one text to one prompt are equal, whatever their
 * tokens are.
 *
 * @param prompt what was asked
 * @param text the answer, in the prompt's form; may be blank (a policy may say nothing)
 * @param tokenIds the sampled tokens, the stop token included; null where the answer was not sampled here. Not copied, do
 *     not modify
 */
@SuppressWarnings("ArrayRecordComponent") // token arrays pass between threads; equality is that of the texts
public record Answer(Prompt prompt, Text text, int @Nullable [] tokenIds) implements Prompted {

    /** @throws IllegalArgumentException if the answer is not in the prompt's form */
    public Answer {
        requireSameForm(prompt, text, "text");
    }

    /** An answer whose tokens are not known. */
    public Answer(Prompt prompt, Text text) {
        this(prompt, text, null);
    }

    /**
     * A sampled answer, in the prompt's own form. Of one with turns of tools it is the last turn, without tokens: those of the
     * completion are of all turns.
     */
    public static Answer of(Prompt prompt, Completion completion) {
        return new Answer(
                prompt, prompt.reply(completion.text()), completion.isOneTurn() ? completion.tokenIds() : null);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Answer that && prompt.equals(that.prompt) && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return Objects.hash(prompt, text);
    }

    @Override
    public String toString() {
        return "Answer[prompt=" + prompt + ", text=" + text + "]";
    }

    /** An answer in the prompt's own form, see {@link Prompt#reply(String)}. */
    public static Answer of(Prompt prompt, String answer) {
        return new Answer(prompt, prompt.reply(answer));
    }

    static void requireSameForm(Prompt prompt, Text answer, String name) {
        if (prompt.text().getClass() != answer.getClass()) {
            throw new IllegalArgumentException(name + ": expected " + form(prompt.text()) + " as its prompt, received "
                    + form(answer) + " (Prompt.reply makes an answer in the prompt's form)");
        }
    }

    private static String form(Text text) {
        return text instanceof Text.Chat ? "a list of messages" : "a plain string";
    }
}
