package ai.preceptor.rollout;

/** A scorer or an engine that answered something else than was asked for. */
final class WrongAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongAnswerException(String message) {
        super(message);
    }
}
