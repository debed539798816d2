package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.PyObject;
import org.jspecify.annotations.Nullable;

/** A callable value: functions, methods, macros. */
@FunctionalInterface
public interface PyCallable extends PyObject {
    /** @throws EvaluationError on arguments it does not take */
    Object call(Rendering rendering, Arguments arguments);

    @Override
    default String typeName() {
        return "function";
    }

    @Override
    default @Nullable Object attribute(String name) {
        return null;
    }
}
