package ai.preceptor.jinja.value;

import org.jspecify.annotations.Nullable;

/** A value of the engine's own that has attributes, such as {@code loop}. */
public interface PyObject {
    /** The name of its type in messages. */
    String typeName();

    /** The attribute, or null if there is none of that name. */
    @Nullable
    Object attribute(String name);

    /** What {@code str()} and {@code repr()} write. */
    default String repr() {
        return "<" + typeName() + ">";
    }
}
