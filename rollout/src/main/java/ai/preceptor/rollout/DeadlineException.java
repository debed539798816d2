package ai.preceptor.rollout;

/** An actor that did not answer in time. */
final class DeadlineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeadlineException(String message) {
        super(message);
    }
}
