package ai.preceptor.data;

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
}
