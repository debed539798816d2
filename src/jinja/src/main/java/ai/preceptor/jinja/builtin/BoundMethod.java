package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.Types;
import org.jspecify.annotations.Nullable;

/**
 * A method together with the value it belongs to.
 *
 * @param owner the value
 * @param name the method's name
 * @param method what it does
 */
record BoundMethod(Object owner, String name, ValueFunction method) implements PyCallable {
    /** By the owner itself, as in Python: its elements may be many. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BoundMethod bound && owner == bound.owner && name.equals(bound.name);
    }

    @Override
    public int hashCode() {
        return 31 * System.identityHashCode(owner) + name.hashCode();
    }

    @Override
    public Object call(Rendering rendering, Arguments arguments) {
        return method.apply(rendering, owner, arguments);
    }

    @Override
    public String repr() {
        return "<built-in method " + name + " of " + Types.name(owner) + " object>";
    }
}
