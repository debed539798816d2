package ai.preceptor.data.setting;

import ai.preceptor.data.ConfigurationException;
import java.util.List;
import java.util.stream.Collectors;

/** The values of one record of settings that are not legal, all of them. */
public final class RefusedSettingsException extends ConfigurationException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * One of them.
     *
     * @param key in snake_case, without the sections that the record may stand in
     * @param message received value, legal range and what is in conflict
     */
    public record Problem(String key, String message) {
        @Override
        public String toString() {
            return key + ": " + message;
        }
    }

    RefusedSettingsException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, in the order found. */
    public List<Problem> problems() {
        return problems;
    }
}
