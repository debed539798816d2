package ai.preceptor.jinja.filter;

import static ai.preceptor.jinja.builtin.ValueFunction.filter;

import ai.preceptor.jinja.builtin.Access;
import ai.preceptor.jinja.builtin.Bound;
import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.builtin.ValueFunction;
import ai.preceptor.jinja.value.DictView;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Iteration;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PyIterator;
import ai.preceptor.jinja.value.PyList;
import ai.preceptor.jinja.value.PyText;
import ai.preceptor.jinja.value.Sized;
import ai.preceptor.jinja.value.Types;
import ai.preceptor.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Filters that take sequences apart and put them together. */
final class SequenceFilters {
    static final Map<String, ValueFunction> TABLE = Map.ofEntries(
            filter("length", (r, v, a) -> length(v)),
            filter("list", (r, v, a) -> new PyList(Iteration.list(v, r.budget()))),
            filter("first", (r, v, a) -> first(Iteration.over(v), "first")),
            filter("last", (r, v, a) -> last(r, v)),
            filter("reverse", (r, v, a) -> reverse(r, v)),
            filter("items", (r, v, a) -> items(r, v)),
            filter("join", SequenceFilters::join, "d?", "attribute?"),
            filter("batch", (r, v, a) -> new PyIterator(() -> batch(r, v, a)), "linecount", "fill_with?"),
            filter("slice", (r, v, a) -> new PyIterator(() -> slice(r, v, a)), "slices", "fill_with?"),
            filter("sum", SequenceFilters::sum, "attribute?", "start?"),
            filter("default", SequenceFilters::byDefault, "default_value?", "boolean?"),
            filter("attr", SequenceFilters::attr, "name"));

    private SequenceFilters() {}

    /** {@code len(value)}. */
    static long length(Object value) {
        if (value instanceof String s) {
            return PyText.length(s);
        }
        if (value instanceof Sized sized) {
            return sized.length();
        }
        if (value instanceof Undefined) {
            return 0;
        }
        throw new EvaluationError("a '" + Types.name(value) + "' has no length");
    }

    private static Object first(Iterator<Object> items, String which) {
        return items.hasNext() ? items.next() : new Undefined("there is no " + which + " item in an empty sequence");
    }

    private static Object last(Rendering rendering, Object value) {
        if (value instanceof PyIterator) {
            throw new EvaluationError("a '" + Types.name(value) + "' cannot be read from its end");
        }
        return first(Iteration.reversed(value, rendering.budget()), "last");
    }

    private static Object reverse(Rendering rendering, Object value) {
        Iterator<Object> reversed = Iteration.reversed(value, rendering.budget());
        if (value instanceof String) {
            StringBuilder text = new StringBuilder();
            reversed.forEachRemaining(text::append);
            return text.toString();
        }
        if (value instanceof PyIterator) {
            List<Object> items = new ArrayList<>();
            reversed.forEachRemaining(items::add);
            return new PyList(items);
        }
        return new PyIterator(() -> reversed);
    }

    private static Object items(Rendering rendering, Object value) {
        return new PyIterator(() -> {
            if (value instanceof PyDict dict) {
                rendering.budget().elements(dict.length()); // as a generator it may be read to the end for its length
                return new DictView(dict, DictView.Part.ITEMS).iterator();
            }
            if (value instanceof Undefined) {
                return Iteration.over(value);
            }
            throw new EvaluationError("items needs a dict, got " + Types.name(value));
        });
    }

    private static Object join(Rendering rendering, Object value, Bound arguments) {
        String separator = rendering.str(arguments.at(0, ""));
        AttributePath path = AttributePath.of(arguments.at(1));
        StringBuilder out = new StringBuilder();
        Iterator<Object> items = Iteration.over(value);
        boolean first = true;
        while (items.hasNext()) {
            rendering.budget().step();
            String item = rendering.str(path.get(items.next(), rendering.budget()));
            String glue = first ? "" : separator;
            int added = glue.length() + item.length();
            rendering.budget().output((long) out.length() + added, added);
            out.append(glue).append(item);
            first = false;
        }
        return out.toString();
    }

    private static Iterator<Object> batch(Rendering rendering, Object value, Bound arguments) {
        long size = arguments.whole(0, 0);
        List<Object> batches = new ArrayList<>();
        List<Object> current = new ArrayList<>();
        for (Object item : Iteration.list(value, rendering.budget())) {
            if (current.size() == size) {
                batches.add(new PyList(current));
                current = new ArrayList<>();
            }
            current.add(item);
        }
        if (!current.isEmpty()) {
            if (!arguments.isNone(1) && current.size() < size) {
                rendering.budget().elements(size);
                while (current.size() < size) {
                    current.add(arguments.at(1));
                }
            }
            batches.add(new PyList(current));
        }
        return batches.iterator();
    }

    private static Iterator<Object> slice(Rendering rendering, Object value, Bound arguments) {
        List<Object> items = Iteration.list(value, rendering.budget());
        long count = arguments.whole(0, 1);
        if (count == 0) {
            throw new EvaluationError("slice needs at least one slice, got 0");
        }
        rendering.budget().elements(Math.max(0, count));
        List<Object> slices = new ArrayList<>();
        int start = 0;
        for (long i = 0; i < count; i++) {
            boolean longer = i < items.size() % count;
            int end = start + (int) (items.size() / count) + (longer ? 1 : 0);
            List<Object> part = new ArrayList<>(items.subList(start, end));
            if (!longer && !arguments.isNone(1)) {
                part.add(arguments.at(1));
            }
            slices.add(new PyList(part));
            start = end;
        }
        return slices.iterator();
    }

    private static Object sum(Rendering rendering, Object value, Bound arguments) {
        AttributePath path = AttributePath.of(arguments.at(0));
        Object total = arguments.at(1, 0L);
        if (total instanceof String) {
            throw new EvaluationError("sum does not add texts; join does");
        }
        Iterator<Object> items = Iteration.over(value);
        while (items.hasNext()) {
            rendering.budget().step();
            total = rendering.arithmetic().add(total, path.get(items.next(), rendering.budget()));
        }
        return total;
    }

    private static Object byDefault(Rendering rendering, Object value, Bound arguments) {
        boolean absent = value instanceof Undefined || (arguments.flag(1, false) && !Types.truth(value));
        return absent ? arguments.at(0, "") : value;
    }

    private static Object attr(Rendering rendering, Object value, Bound arguments) {
        String name = arguments.text(0);
        Object found = Access.own(value, name);
        return found != null ? found : Undefined.attribute(value, name);
    }
}
