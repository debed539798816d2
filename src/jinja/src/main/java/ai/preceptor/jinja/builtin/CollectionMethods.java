package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.DictView;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Iteration;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PyList;
import ai.preceptor.jinja.value.PySequence;
import ai.preceptor.jinja.value.Repr;
import java.util.List;
import java.util.Map;

/** Methods of dicts, lists, tuples and ranges. */
final class CollectionMethods {
    static final Map<String, BoundMethod.Method> OF_DICT = Map.ofEntries(
            Methods.entry(PyDict.class, "keys", (r, d, a) -> new DictView(d, DictView.Part.KEYS)),
            Methods.entry(PyDict.class, "values", (r, d, a) -> new DictView(d, DictView.Part.VALUES)),
            Methods.entry(PyDict.class, "items", (r, d, a) -> new DictView(d, DictView.Part.ITEMS)),
            Methods.entry(PyDict.class, "copy", (r, d, a) -> d),
            Methods.entry(PyDict.class, "get", CollectionMethods::get, "key", "default?"),
            Methods.entry(PyDict.class, "fromkeys", CollectionMethods::fromKeys, "keys", "value?"));

    static final Map<String, BoundMethod.Method> OF_LIST = Map.ofEntries(
            Methods.entry(PyList.class, "copy", (r, l, a) -> l),
            Methods.entry(PyList.class, "count", CollectionMethods::count, "value"),
            Methods.entry(PyList.class, "index", CollectionMethods::index, "value", "start?", "stop?"));

    static final Map<String, BoundMethod.Method> OF_TUPLE = Map.ofEntries(
            Methods.entry(PySequence.class, "count", CollectionMethods::count, "value"),
            Methods.entry(PySequence.class, "index", CollectionMethods::index, "value", "start?", "stop?"));

    private CollectionMethods() {}

    private static Object get(Rendering rendering, PyDict dict, Bound arguments) {
        Object found = dict.get(arguments.at(0));
        return found == null ? arguments.at(1) : found;
    }

    private static Object fromKeys(Rendering rendering, PyDict dict, Bound arguments) {
        PyDict made = new PyDict();
        Iteration.list(arguments.at(0), rendering.budget()).forEach(key -> made.put(key, arguments.at(1)));
        return made;
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
