package ai.preceptor.jinja.builtin;

import java.util.Map;

/** A method, filter or test: what is done with a value. */
@FunctionalInterface
public interface ValueFunction {
    /** @throws ai.preceptor.jinja.value.EvaluationError on a value or argument it does not take */
    Object apply(Rendering rendering, Object value, Arguments arguments);

    /** The same with the arguments in the places of their parameters. */
    @FunctionalInterface
    interface Body<T> {
        Object apply(Rendering rendering, T value, Bound arguments);
    }

    /** An entry of a table of filters; parameters as in {@link Signature#of}. */
    static Map.Entry<String, ValueFunction> filter(String name, Body<Object> body, String... parameters) {
        return entry(name, Signature.of("filter " + name, parameters), body);
    }

    /** An entry of a table of tests, whose body gives a {@code Boolean}. */
    static Map.Entry<String, ValueFunction> test(String name, Body<Object> body, String... parameters) {
        return entry(name, Signature.of("test " + name, parameters), body);
    }

    /** An entry of a table of methods of one type. */
    static <T> Map.Entry<String, ValueFunction> method(Class<T> type, String name, Body<T> body, String... parameters) {
        Body<Object> cast = (rendering, value, arguments) -> body.apply(rendering, type.cast(value), arguments);
        return entry(name, Signature.of(name, parameters), cast);
    }

    private static Map.Entry<String, ValueFunction> entry(String name, Signature signature, Body<Object> body) {
        return Map.entry(
                name, (rendering, value, arguments) -> body.apply(rendering, value, signature.bind(arguments)));
    }
}
