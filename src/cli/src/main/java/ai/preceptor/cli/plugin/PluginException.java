package ai.preceptor.cli.plugin;

import java.util.List;

/** A user's own part that cannot be used. The message has a line for each thing that is wrong. */
public final class PluginException extends Exception {
    private static final long serialVersionUID = 1L;

    PluginException(String problem) {
        super(problem);
    }

    PluginException(String problem, Throwable cause) {
        super(problem, cause);
    }

    PluginException(List<String> problems) {
        super(String.join("\n", problems));
    }

    /** What is wrong, a line each. */
    public String problems() {
        return String.valueOf(getMessage());
    }
}
