package ai.preceptor.jinja.filter;

import ai.preceptor.jinja.builtin.ValueFunction;
import ai.preceptor.jinja.value.EvaluationError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The filters after {@code |}, and the tests after {@code is}. */
public final class FunctionTable {
    public static final FunctionTable FILTERS = new FunctionTable(
            "filter",
            List.of(
                    TextFilters.TABLE,
                    WebFilters.TABLE,
                    NumberFilters.TABLE,
                    SequenceFilters.TABLE,
                    OrderFilters.TABLE,
                    SelectionFilters.TABLE),
            Map.of("d", "default", "count", "length", "e", "escape"));

    public static final FunctionTable TESTS = new FunctionTable(
            "test",
            List.of(Tests.TABLE),
            Map.of(
                    "eq",
                    "==",
                    "equalto",
                    "==",
                    "ne",
                    "!=",
                    "lt",
                    "<",
                    "lessthan",
                    "<",
                    "le",
                    "<=",
                    "gt",
                    ">",
                    "greaterthan",
                    ">",
                    "ge",
                    ">="));

    private final String kind;
    private final Map<String, ValueFunction> functions = new HashMap<>();

    private FunctionTable(String kind, List<Map<String, ValueFunction>> parts, Map<String, String> aliases) {
        this.kind = kind;
        parts.forEach(functions::putAll);
        aliases.forEach((alias, name) -> functions.put(alias, require(name)));
    }

    /** Whether there is a function of that name. */
    boolean has(String name) {
        return functions.containsKey(name);
    }

    /** @throws EvaluationError if there is no function of that name */
    public ValueFunction require(String name) {
        ValueFunction found = functions.get(name);
        if (found == null) {
            throw new EvaluationError("there is no " + kind + " '" + name + "'");
        }
        return found;
    }
}
