package ai.preceptor.lm.text;

/** A prompt whose ids are not the beginning of those of prompt and completion, where {@link Boundary#REFUSE} holds. */
public final class BoundaryException extends EncodingException {
    private static final long serialVersionUID = 1L;

    /** A problem; the message names the index and the two tokens. */
    public BoundaryException(String message) {
        super(message);
    }
}
