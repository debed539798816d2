package ai.preceptor.jinja.builtin;

import static ai.preceptor.jinja.builtin.ValueFunction.method;

import ai.preceptor.jinja.value.DictView;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Numbers;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PyList;
import ai.preceptor.jinja.value.PyRange;
import ai.preceptor.jinja.value.PySequence;
import ai.preceptor.jinja.value.PyTuple;
import ai.preceptor.jinja.value.Repr;
import ai.preceptor.jinja.value.Types;
import ai.preceptor.jinja.value.Undefined;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of Python's built-in types, except those that change a value. */
final class Methods {
    private static final Set<String> CHANGE_LIST =
            Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
    private static final Set<String> CHANGE_DICT = Set.of("clear", "pop", "popitem", "setdefault", "update");

    private static final Map<String, ValueFunction> OF_DICT = Map.ofEntries(
            method(PyDict.class, "keys", (r, d, a) -> new DictView(d, DictView.Part.KEYS)),
            method(PyDict.class, "values", (r, d, a) -> new DictView(d, DictView.Part.VALUES)),
            method(PyDict.class, "items", (r, d, a) -> new DictView(d, DictView.Part.ITEMS)),
            method(PyDict.class, "copy", (r, d, a) -> d),
            method(PyDict.class, "get", Methods::get, "key", "default?"),
            method(PyDict.class, "fromkeys", (r, d, a) -> Globals.fromKeys(r, a), "keys", "value?"));

    private static final Map<String, ValueFunction> OF_SEQUENCE = Map.ofEntries(
            method(PySequence.class, "count", Methods::count, "value"),
            method(PySequence.class, "index", Methods::index, "value", "start?", "stop?"));

    private static final ValueFunction COPY =
            method(PyList.class, "copy", (r, l, a) -> l).getValue();

    private Methods() {}

    /** The method or attribute of a value, or null; one that would change the value comes back undefined. */
    static @Nullable Object find(Object value, String name) {
        if (value instanceof String) {
            return bind(TextMethods.TABLE, value, name);
        }
        if (value instanceof PyDict) {
            return CHANGE_DICT.contains(name) ? Undefined.unsafe(value, name) : bind(OF_DICT, value, name);
        }
        if (value instanceof PyList) {
            return CHANGE_LIST.contains(name)
                    ? Undefined.unsafe(value, name)
                    : name.equals("copy") ? new BoundMethod(value, name, COPY) : bind(OF_SEQUENCE, value, name);
        }
        if (value instanceof PyTuple) {
            return bind(OF_SEQUENCE, value, name);
        }
        return value instanceof PyRange range ? ofRange(range, name) : ofNumber(value, name);
    }

    private static @Nullable Object ofRange(PyRange range, String name) {
        return switch (name) {
            case "start" -> range.start();
            case "stop" -> range.stop();
            case "step" -> range.step();
            default -> bind(OF_SEQUENCE, range, name);
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
        return new BoundMethod(
                owner, name, method(Object.class, name, (r, v, a) -> result).getValue());
    }

    private static @Nullable Object bind(Map<String, ValueFunction> table, Object owner, String name) {
        ValueFunction method = table.get(name);
        return method == null ? null : new BoundMethod(owner, name, method);
    }

    private static Object get(Rendering rendering, PyDict dict, Bound arguments) {
        Object found = dict.get(arguments.at(0), rendering.budget());
        return found == null ? arguments.at(1) : found;
    }

    private static Object count(Rendering rendering, PySequence sequence, Bound arguments) {
        long count = 0;
        for (Object item : sequence.items()) {
            rendering.budget().step();
            count += rendering.comparison().equal(item, arguments.at(0)) ? 1 : 0;
        }
        return count;
    }

    private static Object index(Rendering rendering, PySequence sequence, Bound arguments) {
        List<Object> items = sequence.items();
        long size = items.size();
        long from = arguments.whole(1, 0);
        long to = arguments.whole(2, size);
        from = Math.max(0, from < 0 ? from + size : from);
        to = Math.min(size, to < 0 ? to + size : to);
        for (long i = from; i < to; i++) {
            rendering.budget().step();
            if (rendering.comparison().equal(items.get((int) i), arguments.at(0))) {
                return i;
            }
        }
        throw new EvaluationError("the sequence does not contain " + Repr.brief(arguments.at(0)));
    }
}
