package ai.preceptor.rollout;

/** An exception of another process; its message begins with the name of the class that it had there. */
final class RemoteFailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RemoteFailureException(String message) {
        super(message);
    }
}
