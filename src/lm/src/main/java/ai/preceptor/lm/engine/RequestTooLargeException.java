package ai.preceptor.lm.engine;

/** A request that the key-value store could never hold, however long it waited. */
public final class RequestTooLargeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    RequestTooLargeException(String message) {
        super(message);
    }
}
