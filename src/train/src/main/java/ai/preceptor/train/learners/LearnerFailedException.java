package ai.preceptor.train.learners;

/** Another learner of the run failed and said why. */
public final class LearnerFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 10_000;

    /** @param message names the learner, and what it met */
    public LearnerFailedException(String message) {
        super(message);
    }

    /** Why a learner failed, as it tells the others: short enough for one message of theirs, at most 10,000 characters. */
    public static String reason(RuntimeException failure) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return message.length() > LONGEST ? message.substring(0, LONGEST) : message;
    }
}
