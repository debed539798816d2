package ai.preceptor.rollout.message;

/** An exception of another process; its message begins with the name of the class that it had there. */
public final class RemoteFailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what went wrong there, or why the process is gone */
    public RemoteFailureException(String message) {
        super(message);
    }
}
