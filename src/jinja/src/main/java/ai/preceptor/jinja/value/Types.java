package ai.preceptor.jinja.value;

import java.math.BigInteger;

/** Which Python type a value has, and whether it counts as true. */
public final class Types {
    private Types() {}

    public static String name(Object value) {
        if (value instanceof String) {
            return "str";
        }
        if (value instanceof None) {
            return "NoneType";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (isWhole(value)) {
            return "int";
        }
        if (value instanceof Double) {
            return "float";
        }
        return containerName(value);
    }

    private static String containerName(Object value) {
        if (value instanceof PyList) {
            return "list";
        }
        if (value instanceof PyTuple) {
            return "tuple";
        }
        if (value instanceof PyDict) {
            return "dict";
        }
        if (value instanceof PyRange) {
            return "range";
        }
        if (value instanceof DictView view) {
            return switch (view.part()) {
                case KEYS -> "dict_keys";
                case VALUES -> "dict_values";
                case ITEMS -> "dict_items";
            };
        }
        if (value instanceof PyIterator) {
            return "generator";
        }
        if (value instanceof PyObject object) {
            return object.typeName();
        }
        return value instanceof Undefined ? "Undefined" : "object";
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
