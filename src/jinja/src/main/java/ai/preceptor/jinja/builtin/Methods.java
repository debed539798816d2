package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.Numbers;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PyList;
import ai.preceptor.jinja.value.PyRange;
import ai.preceptor.jinja.value.PyTuple;
import ai.preceptor.jinja.value.Types;
import ai.preceptor.jinja.value.Undefined;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of Python's built-in types, without those that would change a value. */
final class Methods {
    /** A method whose arguments are already in their places. */
    @FunctionalInterface
    interface BoundCall<T> {
        Object apply(Rendering rendering, T owner, Bound arguments);
    }

    private static final Set<String> CHANGE_LIST =
            Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
    private static final Set<String> CHANGE_DICT = Set.of("clear", "pop", "popitem", "setdefault", "update");

    private Methods() {}

    /** The method or attribute of a value, or null; one that would change the value comes back undefined. */
    static @Nullable Object find(Object value, String name) {
        if (value instanceof String) {
            return bind(TextMethods.TABLE, value, name);
        }
        if (value instanceof PyDict) {
            return CHANGE_DICT.contains(name)
                    ? Undefined.unsafe(value, name)
                    : bind(CollectionMethods.OF_DICT, value, name);
        }
        if (value instanceof PyList) {
            return CHANGE_LIST.contains(name)
                    ? Undefined.unsafe(value, name)
                    : bind(CollectionMethods.OF_LIST, value, name);
        }
        if (value instanceof PyTuple) {
            return bind(CollectionMethods.OF_TUPLE, value, name);
        }
        return value instanceof PyRange range ? ofRange(range, name) : ofNumber(value, name);
    }

    private static @Nullable Object ofRange(PyRange range, String name) {
        return switch (name) {
            case "start" -> range.start();
            case "stop" -> range.stop();
            case "step" -> range.step();
            default -> bind(CollectionMethods.OF_TUPLE, range, name);
        };
    }

    private static @Nullable Object ofNumber(Object value, String name) {
        if (!Types.isNumber(value)) {
            return null;
        }
        boolean whole = !(value instanceof Double);
        return switch (name) {
            case "real" -> whole ? Numbers.whole(Numbers.big(value)) : value;
            case "imag" -> whole ? (Object) 0L : (Object) 0.0;
            case "numerator" -> whole ? Numbers.whole(Numbers.big(value)) : null;
            case "denominator" -> whole ? 1L : null;
            case "bit_length" ->
                whole ? constant(value, name, (long) Numbers.big(value).abs().bitLength()) : null;
            case "is_integer" -> value instanceof Double d ? constant(value, name, d == Math.rint(d)) : null;
            default -> null;
        };
    }

    private static BoundMethod constant(Object owner, String name, Object result) {
        Signature signature = Signature.of(name);
        return new BoundMethod(owner, name, (rendering, self, arguments) -> {
            signature.bind(arguments);
            return result;
        });
    }

    private static @Nullable Object bind(Map<String, BoundMethod.Method> table, Object owner, String name) {
        BoundMethod.Method method = table.get(name);
        return method == null ? null : new BoundMethod(owner, name, method);
    }

    /** An entry of a table: name, what it does, and its parameters as in {@link Signature#of}. */
    static <T> Map.Entry<String, BoundMethod.Method> entry(
            Class<T> type, String name, BoundCall<T> method, String... parameters) {
        Signature signature = Signature.of(name, parameters);
        return Map.entry(
                name,
                (rendering, owner, arguments) -> method.apply(rendering, type.cast(owner), signature.bind(arguments)));
    }
}
