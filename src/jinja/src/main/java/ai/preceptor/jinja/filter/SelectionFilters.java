package ai.preceptor.jinja.filter;

import ai.preceptor.jinja.builtin.Arguments;
import ai.preceptor.jinja.builtin.Bound;
import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.builtin.Signature;
import ai.preceptor.jinja.builtin.ValueFunction;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Iteration;
import ai.preceptor.jinja.value.PyIterator;
import ai.preceptor.jinja.value.Types;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Filters that run a filter or test over every element: lazily, as Python's generators do. */
final class SelectionFilters {
    static final Map<String, ValueFunction> TABLE = Map.ofEntries(
            Map.entry("map", SelectionFilters::map),
            Map.entry("select", (r, v, a) -> select(r, v, a, true)),
            Map.entry("reject", (r, v, a) -> select(r, v, a, false)),
            Map.entry("selectattr", (r, v, a) -> selectByAttribute(r, v, a, true)),
            Map.entry("rejectattr", (r, v, a) -> selectByAttribute(r, v, a, false)));

    private static final Signature ATTRIBUTE = Signature.of("filter map", "attribute", "default?");

    private SelectionFilters() {}

    private static Object map(Rendering rendering, Object value, Arguments arguments) {
        return new PyIterator(() -> {
            // An empty value is let off before the arguments are looked at, as everywhere in this table.
            if (!Types.truth(value)) {
                return Collections.emptyIterator();
            }
            UnaryOperator<Object> change = change(rendering, arguments);
            Iterator<Object> items = Iteration.over(value);
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return items.hasNext();
                }

                @Override
                public Object next() {
                    rendering.budget().step();
                    return change.apply(items.next());
                }
            };
        });
    }

    private static UnaryOperator<Object> change(Rendering rendering, Arguments arguments) {
        if (arguments.positional().isEmpty() && arguments.keywords().containsKey("attribute")) {
            Bound bound = ATTRIBUTE.bind(arguments);
            AttributePath path = AttributePath.of(bound.at(0), bound.at(1));
            return item -> path.get(item, rendering.budget());
        }
        if (arguments.positional().isEmpty()) {
            throw new EvaluationError("map needs the name of a filter");
        }
        String name = rendering.str(arguments.positional().get(0));
        Arguments rest = arguments.rest();
        return item -> applied(FunctionTable.FILTERS, name, rendering, item, rest);
    }

    private static Predicate<Object> test(Rendering rendering, Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            return Types::truth;
        }
        String name = rendering.str(arguments.positional().get(0));
        Arguments rest = arguments.rest();
        return item -> Types.truth(applied(FunctionTable.TESTS, name, rendering, item, rest));
    }

    /** Pays for the length of a text, as a filter or test that stands after one does. */
    private static Object applied(
            FunctionTable table, String name, Rendering rendering, Object item, Arguments arguments) {
        rendering.budget().text(item instanceof String text ? text.length() : 0);
        rendering.budget().operations(arguments.positional().size());
        arguments.positional().forEach(rendering.budget()::read);
        arguments.keywords().values().forEach(rendering.budget()::read);
        return table.require(name).apply(rendering, item, arguments);
    }

    private static Object select(Rendering rendering, Object value, Arguments arguments, boolean wanted) {
        return matching(rendering, value, () -> {
            Predicate<Object> test = test(rendering, arguments);
            return item -> test.test(item) == wanted;
        });
    }

    private static Object selectByAttribute(Rendering rendering, Object value, Arguments arguments, boolean wanted) {
        return matching(rendering, value, () -> {
            if (arguments.positional().isEmpty()) {
                throw new EvaluationError("selectattr and rejectattr need the name of an attribute");
            }
            AttributePath path = AttributePath.of(arguments.positional().get(0));
            Predicate<Object> test = test(rendering, arguments.rest());
            return item -> test.test(path.get(item, rendering.budget())) == wanted;
        });
    }

    private static PyIterator matching(Rendering rendering, Object value, Supplier<Predicate<Object>> condition) {
        return new PyIterator(() -> Types.truth(value)
                ? Iteration.matching(Iteration.over(value), condition.get(), rendering.budget())
                : Collections.emptyIterator());
    }

    /** The elements that meet a condition, each asked only when its turn has come. */
    static PyIterator matching(Rendering rendering, Object value, Predicate<Object> condition) {
        return new PyIterator(() -> Iteration.matching(Iteration.over(value), condition, rendering.budget()));
    }
}
