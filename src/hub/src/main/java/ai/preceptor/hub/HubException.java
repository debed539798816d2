package ai.preceptor.hub;

/** The Hub cannot be reached, or what it sent is not what it said. The command line ends with exit code 4. */
public class HubException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A problem; the message names the address without its query, and what was tried. */
    public HubException(String message) {
        super(message);
    }

    /** A problem with a cause. */
    public HubException(String message, Throwable cause) {
        super(message, cause);
    }
}
