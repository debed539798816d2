package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.EvaluationError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a filter, test, method or function.
 *
 * @param function its name, for messages
 * @param parameters their names
 * @param required how many of them must be given
 */
public record Signature(String function, List<String> parameters, int required) {
    /** Parameters in order; those that end in a question mark may be left out. */
    public static Signature of(String function, String... parameters) {
        List<String> names = new ArrayList<>();
        int required = 0;
        for (String parameter : parameters) {
            boolean optional = parameter.endsWith("?");
            names.add(optional ? parameter.substring(0, parameter.length() - 1) : parameter);
            required += optional ? 0 : 1;
        }
        return new Signature(function, List.copyOf(names), required);
    }

    /** @throws EvaluationError if an argument is unknown, given twice, missing, or one too many */
    public Bound bind(Arguments arguments) {
        int given = arguments.positional().size();
        if (given > parameters.size()) {
            throw new EvaluationError(function + " takes at most " + parameters.size() + " argument(s), got " + given);
        }
        @Nullable Object[] values = arguments.positional().toArray(new Object[parameters.size()]);
        for (Map.Entry<String, Object> e : arguments.keywords().entrySet()) {
            int at = parameters.indexOf(e.getKey());
            if (at < 0 || values[at] != null) {
                String fault = at < 0 ? " takes no argument '" : " got twice the argument '";
                throw new EvaluationError(function + fault + e.getKey() + "'");
            }
            values[at] = e.getValue();
        }
        for (int i = 0; i < required; i++) {
            if (values[i] == null) {
                throw new EvaluationError(function + " needs the argument '" + parameters.get(i) + "'");
            }
        }
        return new Bound(this, values);
    }
}
