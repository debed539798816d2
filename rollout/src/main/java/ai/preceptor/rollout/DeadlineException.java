package ai.preceptor.rollout;

/** An actor that did not answer in time, or gave no sign of life meanwhile. */
final class DeadlineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeadlineException(String message) {
        super(message);
    }
}
