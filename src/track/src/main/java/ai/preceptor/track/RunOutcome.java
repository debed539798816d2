package ai.preceptor.track;

/** How a run ended. */
public enum RunOutcome {
    /** It is complete. */
    FINISHED,
    /** An error ended it. */
    FAILED,
    /** A person or the system stopped it. */
    KILLED
}
