package ai.preceptor.data;

import java.nio.file.Path;

/**
 * Data that cannot be used: a file that is missing, unreadable or of another kind, a row that breaks
 * its format, or a data set with nothing to learn from. The command line ends with exit code 3.
 */
public class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A problem that is not tied to a line; the message should name the file. */
    public DataException(String message) {
        super(message);
    }

    /** A problem with a cause. */
    public DataException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A problem with a whole file: {@code pairs.jsonl: reason}. */
    public static DataException in(Path file, String reason) {
        return new DataException(file + ": " + reason);
    }

    /** A problem at a line, counted from 1: {@code pairs.jsonl:17: reason}. */
    public static DataException at(Path file, long line, String reason) {
        return new DataException(file + ":" + line + ": " + reason);
    }
}
