package ai.preceptor.teacher.selection;

/** Which of a prompt's answers become demonstrations. */
public enum SelectionRule {
    /** The best by score. */
    BEST_OF_N,
    /** All whose score reaches a threshold. */
    THRESHOLD,
    /** All that a rule verifies: whose score is 1 or more. */
    VERIFIED
}
