package ai.preceptor.rollout.message;

/** An actor that did not answer in time, or gave no sign of life meanwhile. */
public final class DeadlineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message names the actor and what it missed */
    public DeadlineException(String message) {
        super(message);
    }
}
