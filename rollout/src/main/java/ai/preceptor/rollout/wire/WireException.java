package ai.preceptor.rollout.wire;

/** Bytes that are not a message, or a message that is too large to be sent. */
public final class WireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong */
    public WireException(String message) {
        super(message);
    }

    WireException(String message, Throwable cause) {
        super(message, cause);
    }
}
