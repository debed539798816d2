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
 * @param chosenProbability the teacher's confidence that the first answer is the better one, in [0, 1]; null if they
 *     only said which, as if it were 1
 */
public record Preference(
        Prompt prompt,
        Text chosen,
        Text rejected,
        @Nullable Double margin,
        @Nullable Double chosenProbability) implements Prompted {

    /**
     * @throws IllegalArgumentException if an answer is not in the prompt's form, the margin is not finite, or the
     *     probability is not in [0, 1]
     */
    public Preference {
        Answer.requireSameForm(prompt, chosen, "chosen");
        Answer.requireSameForm(prompt, rejected, "rejected");
        if (margin != null && !Double.isFinite(margin)) {
            throw new IllegalArgumentException("margin: expected a finite number or null, received " + margin);
        }
        if (chosenProbability != null && !(chosenProbability >= 0 && chosenProbability <= 1)) {
            throw new IllegalArgumentException(
                    "chosen_probability: expected a number in [0, 1] or null, received " + chosenProbability);
        }
    }

    /** A comparison that is certain. */
    public Preference(Prompt prompt, Text chosen, Text rejected, @Nullable Double margin) {
        this(prompt, chosen, rejected, margin, null);
    }

    /** A comparison of unknown margin. */
    public Preference(Prompt prompt, Text chosen, Text rejected) {
        this(prompt, chosen, rejected, null);
    }

    /** The same answers with the verdict reversed; margin and certainty stay. */
    public Preference swapped() {
        return new Preference(prompt, rejected, chosen, margin, chosenProbability);
    }
}
