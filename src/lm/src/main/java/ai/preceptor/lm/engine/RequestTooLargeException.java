package ai.preceptor.lm.engine;

/** A request that is larger than the whole key-value store. */
public final class RequestTooLargeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    RequestTooLargeException(String message) {
        super(message);
    }
}
