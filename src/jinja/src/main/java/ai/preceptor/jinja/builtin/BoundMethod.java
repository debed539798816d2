package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.Types;

/**
 * A method together with the value it belongs to.
 *
 * @param owner the value
 * @param name the method's name
 * @param method what it does
 */
record BoundMethod(Object owner, String name, Method method) implements PyCallable {
    /** A method of a type. */
    @FunctionalInterface
    interface Method {
        Object apply(Rendering rendering, Object owner, Arguments arguments);
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
