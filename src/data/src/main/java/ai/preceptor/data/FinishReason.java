package ai.preceptor.data;

/** Why a generated answer ended. */
public enum FinishReason {
    /** The model emitted a stop token, or its text reached a stop string. */
    STOP,
    /** The token budget or the context was used up. */
    LENGTH,
    /** Generation was cancelled before either. */
    CANCELLED,
    /** The time it was given was up before any of these. */
    DEADLINE
}
