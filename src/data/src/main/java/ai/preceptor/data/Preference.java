package ai.preceptor.data;

import org.jspecify.annotations.Nullable;

/**
 * One comparison: to this prompt, one answer is better than another.
 *
 * @param prompt what was asked
 * @param chosen the better answer, in the prompt's form
 * @param rejected the worse answer, in the prompt's form
 * @param margin how much better, in the units of the reward (TRL's {@code margin}); null if unknown,
 *     else finite
 */
public record Preference(
        Prompt prompt, Text chosen, Text rejected, @Nullable Double margin) implements Prompted {

    /**
     * Checks the forms and the margin.
     *
     * @throws IllegalArgumentException if an answer is not in the prompt's form, or the margin is not finite
     */
    public Preference {
        Answer.requireSameForm(prompt, chosen, "chosen");
        Answer.requireSameForm(prompt, rejected, "rejected");
        if (margin != null && !Double.isFinite(margin)) {
            throw new IllegalArgumentException("margin: expected a finite number or null, received " + margin);
        }
    }

    /** A comparison of unknown margin. */
    public Preference(Prompt prompt, Text chosen, Text rejected) {
        this(prompt, chosen, rejected, null);
    }

    /** The same answers with the verdict turned round; the margin stays. */
    public Preference swapped() {
        return new Preference(prompt, rejected, chosen, margin);
    }
}
