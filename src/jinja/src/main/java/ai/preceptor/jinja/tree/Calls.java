package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Arguments;
import ai.preceptor.jinja.builtin.ValueFunction;
import ai.preceptor.jinja.value.Budget;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Iteration;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.Repr;
import ai.preceptor.jinja.value.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Calls of functions, filters and tests. */
public final class Calls {
    private Calls() {}

    /**
     * What stands between the parentheses of a call.
     *
     * @param positional arguments by position
     * @param keywords arguments by name
     * @param spread sequences of further positional ones, {@code *args}; at most one
     * @param spreadKeywords dicts of further named ones, {@code **kwargs}; at most one
     */
    public record ArgumentList(
            List<Evaluator> positional,
            Map<String, Evaluator> keywords,
            List<Evaluator> spread,
            List<Evaluator> spreadKeywords) {
        public static final ArgumentList EMPTY = of(List.of());

        /** Arguments by position only. */
        public static ArgumentList of(List<Evaluator> positional) {
            return new ArgumentList(positional, Map.of(), List.of(), List.of());
        }

        Arguments eval(Frame frame) {
            List<Object> values = new ArrayList<>();
            for (Evaluator e : positional) {
                values.add(e.eval(frame));
            }
            Map<String, Object> named = new LinkedHashMap<>();
            keywords.forEach((name, e) -> named.put(name, e.eval(frame)));
            spread.forEach(e -> values.addAll(Iteration.list(e.eval(frame), frame.budget())));
            spreadKeywords.forEach(e -> addKeywords(e.eval(frame), named, frame.budget()));
            values.forEach(value -> pay(value, frame.budget()));
            named.values().forEach(value -> pay(value, frame.budget()));
            return new Arguments(values, named);
        }

        /** Here for all functions, most of which read their texts. */
        private static void pay(Object argument, Budget budget) {
            budget.operation();
            budget.read(argument);
        }

        private static void addKeywords(Object source, Map<String, Object> named, Budget budget) {
            if (!(source instanceof PyDict dict)) {
                throw new EvaluationError("'**' needs a dict, got " + Types.name(source));
            }
            budget.elements(dict.length());
            for (PyDict.Entry e : dict.entries()) {
                if (!(e.key() instanceof String name)) {
                    throw new EvaluationError("'**' needs texts as keys, got " + Repr.brief(e.key()));
                }
                if (named.put(name, e.value()) != null) {
                    throw new EvaluationError("argument '" + name + "' is given twice");
                }
            }
        }
    }

    /** {@code f(...)}. */
    public record Call(Evaluator target, ArgumentList arguments, int line) implements Evaluator {
        @Override
        public Object eval(Frame frame) {
            Object callee = target.eval(frame);
            return frame.rendering().call(callee, arguments.eval(frame), line);
        }

        /** The call as {@code {% call %}} makes it: the block is one more argument. */
        Object evalWithCaller(Frame frame, MacroDefinition.Macro caller) {
            Object callee = target.eval(frame);
            Arguments given = arguments.eval(frame);
            Map<String, Object> keywords = new LinkedHashMap<>(given.keywords());
            keywords.put("caller", caller);
            return frame.rendering().call(callee, new Arguments(given.positional(), keywords), line);
        }
    }

    /** One {@code | name(...)} or {@code is name(...)}: a step, besides those for the length of a text. */
    public record Step(ValueFunction function, ArgumentList arguments, int line) {
        Object apply(Frame frame, Object value) {
            Arguments given = arguments.eval(frame);
            frame.rendering().at(line);
            frame.budget().step();
            frame.budget().text(value instanceof String text ? text.length() : 0);
            return function.apply(frame.rendering(), value, given);
        }
    }

    /** {@code a | name(...)}, {@code a is name(...)}. */
    public record Applied(Evaluator input, Step step) implements Evaluator {
        @Override
        public Object eval(Frame frame) {
            return step.apply(frame, input.eval(frame));
        }
    }
}
