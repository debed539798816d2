package ai.preceptor.data;

import org.jspecify.annotations.Nullable;

/**
 * A wrong usage or configuration: an unknown key, an impossible value, settings that contradict each
 * other. The command line ends with exit code 2.
 */
public class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Problem problem;

    /** A problem; the message names the key, the received value and the legal range. */
    public ConfigurationException(String message) {
        super(message);
        this.problem = null;
    }

    /** A problem with a cause. */
    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
        this.problem = null;
    }

    /** A problem of one key. */
    public ConfigurationException(Problem problem) {
        super(problem.toString());
        this.problem = problem;
    }

    /** A problem of one key, with a cause. */
    public ConfigurationException(Problem problem, Throwable cause) {
        super(problem.toString(), cause);
        this.problem = problem;
    }

    /** What is wrong without the key, where it was told apart; else the whole message. */
    public String withoutKey() {
        return problem == null ? String.valueOf(getMessage()) : problem.message();
    }
}
