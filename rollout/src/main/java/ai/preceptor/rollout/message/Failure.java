package ai.preceptor.rollout.message;

import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.TeacherException;

/**
 * A failed request.
 *
 * @param kind how
 * @param cause why
 */
public record Failure(FailureKind kind, Throwable cause) {

    /** True if a retry is useless: a teacher failed for good, the run was stopped, or the virtual machine failed. */
    public boolean isFinal() {
        return cause instanceof TeacherException || cause instanceof InterruptedRunException || cause instanceof Error;
    }

    /** The cause itself if it is unchecked, otherwise wrapped in a {@link TeacherException}. */
    public RuntimeException unchecked() {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException same ? same : new TeacherException(reason(), cause);
    }

    /** The cause in one line. */
    public String reason() {
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }
}
