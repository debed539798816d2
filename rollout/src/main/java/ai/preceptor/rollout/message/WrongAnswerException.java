package ai.preceptor.rollout.message;

/** The answer of a scorer or an engine does not fit the request. */
public final class WrongAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message names the actor, what it answered, and what was expected */
    public WrongAnswerException(String message) {
        super(message);
    }
}
