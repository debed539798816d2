package ai.preceptor.data;

/** An argument out of its range, whose name a caller may need to tell which of its own inputs that was. */
public final class IllegalValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** With {@code key: message} as its message. */
    public IllegalValueException(String key, String message) {
        super(key + ": " + message);
        this.problem = new Problem(key, message);
    }

    /** What is wrong with which. */
    public Problem problem() {
        return problem;
    }
}
