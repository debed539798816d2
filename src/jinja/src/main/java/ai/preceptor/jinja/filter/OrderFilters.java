package ai.preceptor.jinja.filter;

import static ai.preceptor.jinja.builtin.ValueFunction.filter;

import ai.preceptor.jinja.builtin.Bound;
import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.builtin.ValueFunction;
import ai.preceptor.jinja.value.Budget;
import ai.preceptor.jinja.value.DictView;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Group;
import ai.preceptor.jinja.value.Iteration;
import ai.preceptor.jinja.value.Keys;
import ai.preceptor.jinja.value.PyComparison;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PyList;
import ai.preceptor.jinja.value.PyText;
import ai.preceptor.jinja.value.PyTuple;
import ai.preceptor.jinja.value.Repr;
import ai.preceptor.jinja.value.Types;
import ai.preceptor.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Filters that compare elements: sorting, extremes, groups, duplicates. */
final class OrderFilters {
    static final Map<String, ValueFunction> TABLE = Map.ofEntries(
            filter("sort", OrderFilters::sort, "reverse?", "case_sensitive?", "attribute?"),
            filter("dictsort", OrderFilters::dictSort, "case_sensitive?", "by?", "reverse?"),
            filter("unique", OrderFilters::unique, "case_sensitive?", "attribute?"),
            filter("min", (r, v, a) -> extreme(r, v, a, false), "case_sensitive?", "attribute?"),
            filter("max", (r, v, a) -> extreme(r, v, a, true), "case_sensitive?", "attribute?"),
            filter("groupby", OrderFilters::groupBy, "attribute", "default?", "case_sensitive?"));

    private record Keyed(Object key, Object value) {}

    private OrderFilters() {}

    private static UnaryOperator<Object> key(Rendering rendering, AttributePath path, boolean caseSensitive) {
        return item -> folded(path.get(item, rendering.budget()), caseSensitive, rendering.budget());
    }

    private static Object folded(Object value, boolean caseSensitive, Budget budget) {
        if (caseSensitive || !(value instanceof String text)) {
            return value;
        }
        budget.text(text.length());
        return PyText.lower(text);
    }

    /** Sorts as Python does: stable, and in reverse still stable. */
    private static List<Object> sorted(
            Rendering rendering, List<Object> items, UnaryOperator<Object> key, boolean reverse) {
        List<Keyed> keyed = new ArrayList<>();
        items.forEach(item -> keyed.add(new Keyed(key.apply(item), item)));
        PyComparison comparison = rendering.comparison();
        long rounds = 64L - Long.numberOfLeadingZeros(items.size());
        rendering.budget().spend(rounds * items.size());
        keyed.sort((a, b) -> reverse ? comparison.order(b.key(), a.key()) : comparison.order(a.key(), b.key()));
        List<Object> result = new ArrayList<>();
        keyed.forEach(k -> result.add(k.value()));
        return result;
    }

    private static Object sort(Rendering rendering, Object value, Bound arguments) {
        boolean caseSensitive = arguments.flag(1, false);
        List<UnaryOperator<Object>> keys = AttributePath.several(arguments.at(2)).stream()
                .map(path -> key(rendering, path, caseSensitive))
                .toList();
        UnaryOperator<Object> key =
                item -> new PyList(keys.stream().map(part -> part.apply(item)).toList());
        List<Object> items = Iteration.list(value, rendering.budget());
        return new PyList(sorted(rendering, items, key, arguments.flag(0, false)));
    }

    private static Object dictSort(Rendering rendering, Object value, Bound arguments) {
        if (!(value instanceof PyDict dict)) {
            Undefined.requireDefined(value);
            throw new EvaluationError("dictsort needs a dict, got " + Types.name(value));
        }
        boolean caseSensitive = arguments.flag(0, false);
        String by = arguments.given(1) ? rendering.str(arguments.at(1)) : "key";
        if (!by.equals("key") && !by.equals("value")) {
            throw new EvaluationError("dictsort sorts by key or value, got " + Repr.brief(by));
        }
        int part = by.equals("key") ? 0 : 1;
        List<Object> pairs = Iteration.list(new DictView(dict, DictView.Part.ITEMS), rendering.budget());
        UnaryOperator<Object> key =
                pair -> folded(((PyTuple) pair).items().get(part), caseSensitive, rendering.budget());
        return new PyList(sorted(rendering, pairs, key, arguments.flag(2, false)));
    }

    private static Object unique(Rendering rendering, Object value, Bound arguments) {
        UnaryOperator<Object> key = key(rendering, AttributePath.of(arguments.at(1)), arguments.flag(0, false));
        Set<Object> seen = new HashSet<>();
        return SelectionFilters.matching(
                rendering, value, (Object item) -> seen.add(Keys.of(key.apply(item), rendering.budget())));
    }

    private static Object extreme(Rendering rendering, Object value, Bound arguments, boolean largest) {
        UnaryOperator<Object> key = key(rendering, AttributePath.of(arguments.at(1)), arguments.flag(0, false));
        Iterator<Object> items = Iteration.over(value);
        if (!items.hasNext()) {
            return new Undefined("an empty sequence has no smallest or largest item");
        }
        Object best = items.next();
        Object bestKey = key.apply(best);
        while (items.hasNext()) {
            rendering.budget().step();
            Object item = items.next();
            Object itemKey = key.apply(item);
            PyComparison comparison = rendering.comparison();
            if (largest ? comparison.less(bestKey, itemKey) : comparison.less(itemKey, bestKey)) {
                best = item;
                bestKey = itemKey;
            }
        }
        return best;
    }

    private static Object groupBy(Rendering rendering, Object value, Bound arguments) {
        boolean caseSensitive = arguments.flag(2, false);
        AttributePath path = AttributePath.of(arguments.at(0), arguments.at(1));
        UnaryOperator<Object> key = key(rendering, path, caseSensitive);
        List<Object> groups = new ArrayList<>();
        List<Object> current = new ArrayList<>();
        for (Object item : sorted(rendering, Iteration.list(value, rendering.budget()), key, false)) {
            if (current.isEmpty() || !rendering.comparison().equal(key.apply(current.get(0)), key.apply(item))) {
                current = new ArrayList<>();
                groups.add(new Group(path.get(item, rendering.budget()), new PyList(current)));
            }
            current.add(item);
        }
        return new PyList(groups);
    }
}
