package ai.preceptor.data;

/** Why a generated answer ended. */
public enum FinishReason {
    /** The model emitted a stop token. */
    STOP,
    /** The token budget or the context was used up. */
    LENGTH,
    /** Generation was cancelled before either. */
    CANCELLED
}
