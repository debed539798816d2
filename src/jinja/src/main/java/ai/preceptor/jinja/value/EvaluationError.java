package ai.preceptor.jinja.value;

/** An error in the computation of a value; the line is added where the statement is known. */
public final class EvaluationError extends RuntimeException {
    public EvaluationError(String reason) {
        super(reason, null, false, false);
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
