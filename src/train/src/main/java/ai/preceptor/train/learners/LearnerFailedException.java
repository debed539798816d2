package ai.preceptor.train.learners;

/** Another learner of the run failed and said why. */
public final class LearnerFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message names the learner, and what it met */
    public LearnerFailedException(String message) {
        super(message);
    }
}
