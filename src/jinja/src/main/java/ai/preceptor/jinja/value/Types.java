package ai.preceptor.jinja.value;

import java.math.BigInteger;
import java.util.Map;

/** Which Python type a value has, and whether it counts as true. */
public final class Types {
    private static final Map<Class<?>, String> NAMES = Map.of(
            String.class, "str",
            None.class, "NoneType",
            Boolean.class, "bool",
            Long.class, "int",
            BigInteger.class, "int",
            Double.class, "float",
            PyList.class, "list",
            PyTuple.class, "tuple",
            PyDict.class, "dict",
            PyRange.class, "range");

    private Types() {}

    /** The name of a value's Python type, for messages. */
    public static String name(Object value) {
        if (value instanceof DictView view) {
            return view.part().typeName();
        }
        if (value instanceof PyIterator) {
            return "generator";
        }
        if (value instanceof PyObject object) {
            return object.typeName();
        }
        return value instanceof Undefined ? "Undefined" : NAMES.getOrDefault(value.getClass(), "object");
    }

    /** An int that is not a bool. */
    public static boolean isWhole(Object value) {
        return value instanceof Long || value instanceof BigInteger;
    }

    public static boolean isNumber(Object value) {
        return isWhole(value) || value instanceof Double || value instanceof Boolean;
    }

    public static boolean truth(Object value) {
        if (value instanceof Boolean b) {
            return b;
        }
        if (value instanceof None || value instanceof Undefined) {
            return false;
        }
        if (value instanceof String s) {
            return !s.isEmpty();
        }
        if (value instanceof Long l) {
            return l != 0;
        }
        if (value instanceof Double d) {
            return d != 0;
        }
        return !(value instanceof Sized sized) || sized.length() > 0;
    }
}
