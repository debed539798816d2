package ai.preceptor.jinja;

/** What goes wrong while a value is computed; the line is added where the statement is known. */
final class EvaluationError extends RuntimeException {
    private final String reason;

    EvaluationError(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
