package ai.preceptor.lm.collective;

/** Another learner of the run ended, or did not answer within the timeout, so that the step cannot be completed. */
public final class LostLearnerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LostLearnerException(String message) {
        super(message);
    }

    public LostLearnerException(String message, Throwable cause) {
        super(message, cause);
    }
}
