package ai.preceptor.teacher;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;

/**
 * A question to a judge: which of two answers is better?
 *
 * @param prompt what was asked
 * @param first the answer the judge reads first, in the prompt's form
 * @param second the other
 */
public record Comparison(Prompt prompt, Text first, Text second) {

    /** @throws IllegalArgumentException if an answer is not in the prompt's form */
    public Comparison {
        new Answer(prompt, first);
        new Answer(prompt, second);
    }

    /** The same question with the answers in the other order. */
    public Comparison swapped() {
        return new Comparison(prompt, second, first);
    }

    /** True if there is nothing to choose. */
    public boolean isIdentical() {
        return first.equals(second);
    }
}
