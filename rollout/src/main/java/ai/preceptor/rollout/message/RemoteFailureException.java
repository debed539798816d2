package ai.preceptor.rollout.message;

/** An exception of another process; its message begins with the class name of the original. */
public final class RemoteFailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what went wrong there, or why the process is gone */
    public RemoteFailureException(String message) {
        super(message);
    }

    /**
     * With what this process met.
     *
     * @param message what went wrong
     * @param cause why
     */
    public RemoteFailureException(String message, Throwable cause) {
        super(message, cause);
    }
}
