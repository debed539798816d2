package ai.preceptor.rollout.message;

/** An actor did not answer in time, or made no steps. */
public final class DeadlineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message names the actor and what it missed */
    public DeadlineException(String message) {
        super(message);
    }
}
