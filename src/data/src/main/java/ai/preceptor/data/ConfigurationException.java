package ai.preceptor.data;

/**
 * A wrong usage or configuration: an unknown key, an impossible value, settings that contradict each
 * other. The command line ends with exit code 2.
 */
public class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A problem; the message names the key, the received value and the legal range. */
    public ConfigurationException(String message) {
        super(message);
    }

    /** A problem with a cause. */
    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
