package ai.preceptor.cli.yaml;

import ai.preceptor.data.ConfigurationException;
import java.util.ArrayList;
import java.util.List;

/** All problems of one configuration; the message has them one a line, and then what helps with them. */
public final class RefusedConfigurationException extends ConfigurationException {
    private static final long serialVersionUID = 1L;

    private final int count;

    RefusedConfigurationException(List<String> problems, List<String> hints) {
        super(joined(problems, hints));
        this.count = problems.size();
    }

    /** How many lines of the message are problems. */
    public int count() {
        return count;
    }

    private static String joined(List<String> problems, List<String> hints) {
        List<String> all = new ArrayList<>(problems);
        all.addAll(hints);
        return String.join("\n", all);
    }
}
