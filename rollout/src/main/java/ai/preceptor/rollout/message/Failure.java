package ai.preceptor.rollout.message;

import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.TeacherException;

/**
 * A request that came to nothing.
 *
 * @param kind how
 * @param cause why
 */
public record Failure(FailureKind kind, Throwable cause) {

    /** True if trying again is of no use: whoever failed says so, or the virtual machine does. */
    public boolean isFinal() {
        return cause instanceof TeacherException || cause instanceof InterruptedRunException || cause instanceof Error;
    }

    /** The cause as it is if it may be thrown anywhere, else in an exception that may. */
    public RuntimeException unchecked() {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException same ? same : new TeacherException(reason(), cause);
    }

    /** The cause in a line. */
    public String reason() {
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }
}
