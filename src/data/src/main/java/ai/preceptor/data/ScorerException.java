package ai.preceptor.data;

/**
 * A scorer that could score nothing at all. Single failures are {@link Score#unscored(String)}
 * instead. Where nothing else can be done the command line ends with exit code 4.
 */
public class ScorerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A problem; the message names the scorer. */
    public ScorerException(String message) {
        super(message);
    }

    /** A problem with a cause. */
    public ScorerException(String message, Throwable cause) {
        super(message, cause);
    }
}
