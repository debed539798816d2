package ai.preceptor.jinja.filter;

import static ai.preceptor.jinja.builtin.ValueFunction.test;

import ai.preceptor.jinja.builtin.LoopContext;
import ai.preceptor.jinja.builtin.PyCallable;
import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.builtin.TextPredicates;
import ai.preceptor.jinja.builtin.ValueFunction;
import ai.preceptor.jinja.value.Iteration;
import ai.preceptor.jinja.value.Keys;
import ai.preceptor.jinja.value.None;
import ai.preceptor.jinja.value.PyComparison;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PySequence;
import ai.preceptor.jinja.value.Types;
import ai.preceptor.jinja.value.Undefined;
import java.util.Map;

/** The tests after {@code is}. */
final class Tests {
    static final Map<String, ValueFunction> TABLE = Map.ofEntries(
            test("defined", (r, v, a) -> !(v instanceof Undefined)),
            test("undefined", (r, v, a) -> v instanceof Undefined),
            test("none", (r, v, a) -> v instanceof None),
            test("boolean", (r, v, a) -> v instanceof Boolean),
            test("true", (r, v, a) -> v.equals(true)),
            test("false", (r, v, a) -> v.equals(false)),
            test("integer", (r, v, a) -> Types.isWhole(v)),
            test("float", (r, v, a) -> v instanceof Double),
            test("number", (r, v, a) -> Types.isNumber(v)),
            test("string", (r, v, a) -> v instanceof String),
            test("mapping", (r, v, a) -> v instanceof PyDict),
            test("sequence", (r, v, a) -> isSequence(v)),
            test("iterable", (r, v, a) -> Iteration.isIterable(v) || v instanceof LoopContext),
            test("callable", (r, v, a) -> v instanceof PyCallable || v instanceof Undefined),
            test("escaped", (r, v, a) -> false),
            test("odd", (r, v, a) -> leaves(r, v, 2L, 1L)),
            test("even", (r, v, a) -> leaves(r, v, 2L, 0L)),
            test("lower", (r, v, a) -> TextPredicates.isLower(r.str(v))),
            test("upper", (r, v, a) -> TextPredicates.isUpper(r.str(v))),
            test("filter", (r, v, a) -> isIn(FunctionTable.FILTERS, r, v)),
            test("test", (r, v, a) -> isIn(FunctionTable.TESTS, r, v)),
            test("divisibleby", (r, v, a) -> leaves(r, v, a.at(0), 0L), "other"),
            test("sameas", (r, v, a) -> PyComparison.same(v, a.at(0)), "other"),
            test("in", (r, v, a) -> r.comparison().contains(a.at(0), v), "other"),
            test("==", (r, v, a) -> r.comparison().equal(v, a.at(0)), "other"),
            test("!=", (r, v, a) -> !r.comparison().equal(v, a.at(0)), "other"),
            test("<", (r, v, a) -> r.comparison().less(v, a.at(0)), "other"),
            test("<=", (r, v, a) -> r.comparison().lessOrEqual(v, a.at(0)), "other"),
            test(">", (r, v, a) -> r.comparison().less(a.at(0), v), "other"),
            test(">=", (r, v, a) -> r.comparison().lessOrEqual(a.at(0), v), "other"));

    private Tests() {}

    private static boolean leaves(Rendering rendering, Object value, Object divisor, long remainder) {
        return rendering.comparison().equal(rendering.arithmetic().remainder(value, divisor), remainder);
    }

    /** As Python looks into a dict: a list is an error. */
    private static boolean isIn(FunctionTable table, Rendering rendering, Object name) {
        Keys.of(name, rendering.budget());
        return name instanceof String text && table.has(text);
    }

    private static boolean isSequence(Object value) {
        return value instanceof String
                || value instanceof PySequence
                || value instanceof PyDict
                || value instanceof Undefined;
    }
}
