package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Arguments;
import ai.preceptor.jinja.filter.ValueFilter;
import ai.preceptor.jinja.filter.ValueTest;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Iteration;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.Repr;
import ai.preceptor.jinja.value.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Expressions that call something with arguments. */
public final class Calls {
    private Calls() {}

    /**
     * What stands between the parentheses of a call.
     *
     * @param positional arguments by position
     * @param keywords arguments by name
     * @param spread a sequence of further positional ones, {@code *args}
     * @param spreadKeywords a dict of further named ones, {@code **kwargs}
     */
    public record ArgumentList(
            List<Expr> positional,
            Map<String, Expr> keywords,
            @Nullable Expr spread,
            @Nullable Expr spreadKeywords) implements Declaring {
        public static final ArgumentList EMPTY = new ArgumentList(List.of(), Map.of(), null, null);

        Arguments eval(Frame frame) {
            List<Object> values = new ArrayList<>();
            for (Expr e : positional) {
                values.add(e.eval(frame));
            }
            Map<String, Object> named = new LinkedHashMap<>();
            keywords.forEach((name, e) -> named.put(name, e.eval(frame)));
            if (spread != null) {
                values.addAll(
                        Iteration.list(spread.eval(frame), frame.rendering().budget()));
            }
            if (spreadKeywords != null) {
                addKeywords(spreadKeywords.eval(frame), named);
            }
            return new Arguments(values, named);
        }

        private static void addKeywords(Object source, Map<String, Object> named) {
            if (!(source instanceof PyDict dict)) {
                throw new EvaluationError("'**' needs a dict, got " + Types.name(source));
            }
            for (PyDict.Entry e : dict.entries()) {
                if (!(e.key() instanceof String name)) {
                    throw new EvaluationError("'**' needs texts as keys, got " + Repr.brief(e.key()));
                }
                if (named.put(name, e.value()) != null) {
                    throw new EvaluationError("argument '" + name + "' is given twice");
                }
            }
        }

        @Override
        public void declare(Symbols symbols) {
            positional.forEach(e -> e.declare(symbols));
            keywords.values().forEach(e -> e.declare(symbols));
            if (spread != null) {
                spread.declare(symbols);
            }
            if (spreadKeywords != null) {
                spreadKeywords.declare(symbols);
            }
        }
    }

    /** {@code f(...)}. */
    public record Call(Expr target, ArgumentList arguments, int line) implements Expr {
        @Override
        public Object eval(Frame frame) {
            Object callee = target.eval(frame);
            return frame.rendering().call(callee, arguments.eval(frame), line);
        }

        /** The call as {@code {% call %}} makes it: the block is one more argument. */
        Object evalWithCaller(Frame frame, Macro caller) {
            Object callee = target.eval(frame);
            Arguments given = arguments.eval(frame);
            Map<String, Object> keywords = new LinkedHashMap<>(given.keywords());
            keywords.put("caller", caller);
            return frame.rendering().call(callee, new Arguments(given.positional(), keywords), line);
        }

        @Override
        public void declare(Symbols symbols) {
            target.declare(symbols);
            arguments.declare(symbols);
        }
    }

    /** One {@code | name(...)}. */
    public record FilterStep(ValueFilter filter, ArgumentList arguments, int line) implements Declaring {
        Object apply(Frame frame, Object value) {
            Arguments given = arguments.eval(frame);
            frame.rendering().at(line);
            frame.rendering().budget().step();
            frame.rendering().budget().text(value instanceof String text ? text.length() : 0);
            return filter.apply(frame.rendering(), value, given);
        }

        @Override
        public void declare(Symbols symbols) {
            arguments.declare(symbols);
        }
    }

    /** {@code a | name(...)}. */
    public record Filtered(Expr input, FilterStep step) implements Expr {
        @Override
        public Object eval(Frame frame) {
            return step.apply(frame, input.eval(frame));
        }

        @Override
        public void declare(Symbols symbols) {
            input.declare(symbols);
            step.declare(symbols);
        }
    }

    /** {@code a is name(...)}. */
    public record Tested(Expr input, ValueTest test, ArgumentList arguments, int line) implements Expr {
        @Override
        public Object eval(Frame frame) {
            Object value = input.eval(frame);
            Arguments given = arguments.eval(frame);
            frame.rendering().at(line);
            frame.rendering().budget().text(value instanceof String text ? text.length() : 0);
            return test.holds(frame.rendering(), value, given);
        }

        @Override
        public void declare(Symbols symbols) {
            input.declare(symbols);
            arguments.declare(symbols);
        }
    }
}
