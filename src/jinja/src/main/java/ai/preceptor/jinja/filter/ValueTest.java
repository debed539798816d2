package ai.preceptor.jinja.filter;

import ai.preceptor.jinja.builtin.Arguments;
import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.value.EvaluationError;

/** What {@code value is name(arguments)} asks. */
@FunctionalInterface
public interface ValueTest {
    /** @throws EvaluationError on a value or argument it does not take */
    boolean holds(Rendering rendering, Object value, Arguments arguments);
}
