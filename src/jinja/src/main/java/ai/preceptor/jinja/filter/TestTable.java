package ai.preceptor.jinja.filter;

import ai.preceptor.jinja.builtin.LoopContext;
import ai.preceptor.jinja.builtin.PyCallable;
import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.builtin.Signature;
import ai.preceptor.jinja.builtin.TextPredicates;
import ai.preceptor.jinja.value.Comparison;
import ai.preceptor.jinja.value.Iteration;
import ai.preceptor.jinja.value.Keys;
import ai.preceptor.jinja.value.None;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PySequence;
import ai.preceptor.jinja.value.Types;
import ai.preceptor.jinja.value.Undefined;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tests after {@code is}. */
public final class TestTable {
    @FunctionalInterface
    private interface Plain {
        boolean holds(Rendering rendering, Object value);
    }

    @FunctionalInterface
    private interface Against {
        boolean holds(Rendering rendering, Object value, Object other);
    }

    private static final Map<String, ValueTest> TESTS = Map.ofEntries(
            plain("defined", (r, v) -> !(v instanceof Undefined)),
            plain("undefined", (r, v) -> v instanceof Undefined),
            plain("none", (r, v) -> v instanceof None),
            plain("boolean", (r, v) -> v instanceof Boolean),
            plain("true", (r, v) -> v.equals(true)),
            plain("false", (r, v) -> v.equals(false)),
            plain("integer", (r, v) -> Types.isWhole(v)),
            plain("float", (r, v) -> v instanceof Double),
            plain("number", (r, v) -> Types.isNumber(v)),
            plain("string", (r, v) -> v instanceof String),
            plain("mapping", (r, v) -> v instanceof PyDict),
            plain("sequence", (r, v) -> isSequence(v)),
            plain("iterable", (r, v) -> Iteration.isIterable(v) || v instanceof LoopContext),
            plain("callable", (r, v) -> v instanceof PyCallable || v instanceof Undefined),
            plain("escaped", (r, v) -> false),
            plain("odd", (r, v) -> r.comparison().equal(r.arithmetic().remainder(v, 2L), 1L)),
            plain("even", (r, v) -> r.comparison().equal(r.arithmetic().remainder(v, 2L), 0L)),
            plain("lower", (r, v) -> TextPredicates.isLower(r.str(v))),
            plain("upper", (r, v) -> TextPredicates.isUpper(r.str(v))),
            plain("filter", (r, v) -> Keys.of(v) instanceof String s && FilterTable.find(s) != null),
            plain("test", (r, v) -> Keys.of(v) instanceof String s && find(s) != null),
            against(
                    "divisibleby",
                    (r, v, o) -> r.comparison().equal(r.arithmetic().remainder(v, o), 0L)),
            against("sameas", (r, v, o) -> Comparison.same(v, o)),
            against("in", (r, v, o) -> r.comparison().contains(o, v)),
            against("==", (r, v, o) -> r.comparison().equal(v, o)),
            against("!=", (r, v, o) -> !r.comparison().equal(v, o)),
            against("<", (r, v, o) -> r.comparison().less(v, o)),
            against("<=", (r, v, o) -> r.comparison().lessOrEqual(v, o)),
            against(">", (r, v, o) -> r.comparison().less(o, v)),
            against(">=", (r, v, o) -> r.comparison().lessOrEqual(o, v)));

    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("eq", "=="),
            Map.entry("equalto", "=="),
            Map.entry("ne", "!="),
            Map.entry("lt", "<"),
            Map.entry("lessthan", "<"),
            Map.entry("le", "<="),
            Map.entry("gt", ">"),
            Map.entry("greaterthan", ">"),
            Map.entry("ge", ">="));

    private TestTable() {}

    /** The test of that name, or null. */
    public static @Nullable ValueTest find(String name) {
        return TESTS.get(ALIASES.getOrDefault(name, name));
    }

    private static boolean isSequence(Object value) {
        return value instanceof String
                || value instanceof PySequence
                || value instanceof PyDict
                || value instanceof Undefined;
    }

    private static Map.Entry<String, ValueTest> plain(String name, Plain test) {
        Signature signature = Signature.of("test " + name);
        return Map.entry(name, (rendering, value, arguments) -> {
            signature.bind(arguments);
            return test.holds(rendering, value);
        });
    }

    private static Map.Entry<String, ValueTest> against(String name, Against test) {
        Signature signature = Signature.of("test " + name, "other");
        return Map.entry(
                name,
                (rendering, value, arguments) ->
                        test.holds(rendering, value, signature.bind(arguments).at(0)));
    }
}
