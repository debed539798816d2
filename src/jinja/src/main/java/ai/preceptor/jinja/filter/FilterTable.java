package ai.preceptor.jinja.filter;

import ai.preceptor.jinja.builtin.Bound;
import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.builtin.Signature;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The filters after {@code |}. */
public final class FilterTable {
    /** A filter whose arguments are already in their places. */
    @FunctionalInterface
    interface BoundFilter {
        Object apply(Rendering rendering, Object value, Bound arguments);
    }

    private static final Map<String, ValueFilter> FILTERS = merge();

    private FilterTable() {}

    private static Map<String, ValueFilter> merge() {
        Map<String, ValueFilter> all = new HashMap<>();
        all.putAll(TextFilters.TABLE);
        all.putAll(WebFilters.TABLE);
        all.putAll(NumberFilters.TABLE);
        all.putAll(SequenceFilters.TABLE);
        all.putAll(OrderFilters.TABLE);
        all.putAll(SelectionFilters.TABLE);
        Map.of("d", "default", "count", "length", "e", "escape")
                .forEach((alias, name) -> all.computeIfAbsent(alias, a -> all.get(name)));
        return Map.copyOf(all);
    }

    /** The filter of that name, or null. */
    public static @Nullable ValueFilter find(String name) {
        return FILTERS.get(name);
    }

    /** An entry of a table: name, what it does, and its parameters as in {@link Signature#of}. */
    static Map.Entry<String, ValueFilter> entry(String name, BoundFilter filter, String... parameters) {
        Signature signature = Signature.of("filter " + name, parameters);
        return Map.entry(
                name, (rendering, value, arguments) -> filter.apply(rendering, value, signature.bind(arguments)));
    }

    /** An entry without parameters. */
    static Map.Entry<String, ValueFilter> entry(String name, BiFunction<Rendering, Object, Object> filter) {
        return entry(name, (rendering, value, arguments) -> filter.apply(rendering, value));
    }
}
