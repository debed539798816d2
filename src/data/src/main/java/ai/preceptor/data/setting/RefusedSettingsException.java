package ai.preceptor.data.setting;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** The values of one record of settings that are not legal, all of them. */
public final class RefusedSettingsException extends ConfigurationException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    RefusedSettingsException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, in the order found; keys without the sections that the record may stand in. */
    public List<Problem> problems() {
        return problems;
    }
}
