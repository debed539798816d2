package ai.preceptor.lm.text;

/**
 * What to do when a prompt's ids are not the beginning of the ids of prompt and completion together: a token crosses
 * the boundary, or the chat template writes the prompt differently once an answer follows.
 */
public enum Boundary {
    /** Refuse: the model would be trained on a prompt it never sees when it generates. */
    REFUSE,
    /** Start the completion where the ids diverge, and cut the prompt there, as TRL does. */
    MOVE
}
