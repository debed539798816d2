package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.Types;

/**
 * A method together with the value it belongs to.
 *
 * @param owner the value
 * @param name the method's name
 * @param method what it does
 */
record BoundMethod(Object owner, String name, ValueFunction method) implements PyCallable {
    @Override
    public Object call(Rendering rendering, Arguments arguments) {
        return method.apply(rendering, owner, arguments);
    }

    @Override
    public String repr() {
        return "<built-in method " + name + " of " + Types.name(owner) + " object>";
    }
}
