package ai.preceptor.rollout;

/** Bytes that are no message of this program, or a message that is too large for the wire. */
final class WireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WireException(String message) {
        super(message);
    }

    WireException(String message, Throwable cause) {
        super(message, cause);
    }
}
