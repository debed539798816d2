package ai.preceptor.data;

/** A teacher or worker that failed for good. The command line ends with exit code 4. */
public class TeacherException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A problem; the message names the teacher and what was tried. */
    public TeacherException(String message) {
        super(message);
    }

    /** A problem with a cause. */
    public TeacherException(String message, Throwable cause) {
        super(message, cause);
    }
}
