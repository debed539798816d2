package ai.preceptor.data;

/**
 * One answer with its own label (TRL's unpaired preference, as KTO uses it).
 *
 * @param prompt what was asked
 * @param completion the answer, in the prompt's form
 * @param label true if the answer is desirable
 */
public record LabeledCompletion(Prompt prompt, Text completion, boolean label) implements Prompted {

    /** @throws IllegalArgumentException if the completion is not in the prompt's form */
    public LabeledCompletion {
        Answer.requireSameForm(prompt, completion, "completion");
    }
}
