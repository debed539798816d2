package ai.preceptor.jinja.value;

/** What goes wrong while a value is computed; the line is added where the statement is known. */
public final class EvaluationError extends RuntimeException {
    private final String reason;

    public EvaluationError(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
