package ai.preceptor.data;

/**
 * The input of a scorer or judge: an answer and its prompt.
 *
 * @param prompt what was asked
 * @param text the answer, in the prompt's form; may be blank (a policy may say nothing)
 */
public record Answer(Prompt prompt, Text text) implements Prompted {

    /** @throws IllegalArgumentException if the answer is not in the prompt's form */
    public Answer {
        requireSameForm(prompt, text, "text");
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
