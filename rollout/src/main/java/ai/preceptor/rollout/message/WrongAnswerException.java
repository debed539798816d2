package ai.preceptor.rollout.message;

/** A scorer or an engine that answered something else than was asked for. */
public final class WrongAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message names the actor, what it answered, and what was expected */
    public WrongAnswerException(String message) {
        super(message);
    }
}
