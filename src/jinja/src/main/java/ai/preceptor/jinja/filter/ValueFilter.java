package ai.preceptor.jinja.filter;

import ai.preceptor.jinja.builtin.Arguments;
import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.value.EvaluationError;

/** What {@code value | name(arguments)} does. */
@FunctionalInterface
public interface ValueFilter {
    /** @throws EvaluationError on a value or argument it does not take */
    Object apply(Rendering rendering, Object value, Arguments arguments);
}
