package ai.preceptor.jinja.filter;

import ai.preceptor.jinja.builtin.Access;
import ai.preceptor.jinja.value.Budget;
import ai.preceptor.jinja.value.None;
import ai.preceptor.jinja.value.Undefined;
import java.util.Arrays;
import java.util.List;

/**
 * The {@code attribute} argument of filters: {@code "a.b.0"} or an index.
 *
 * @param parts names and indexes
 * @param fallback what stands in for an undefined part; none for nothing
 */
record AttributePath(List<Object> parts, Object fallback) {
    /** The path of a value; none stands for the element itself. */
    static AttributePath of(Object path) {
        return of(path, None.NONE);
    }

    static AttributePath of(Object path, Object fallback) {
        if (path instanceof String text) {
            return new AttributePath(
                    Arrays.stream(text.split("\\.", -1)).map(Access::key).toList(), fallback);
        }
        return new AttributePath(path instanceof None ? List.of() : List.of(path), fallback);
    }

    /** Paths with commas between. */
    static List<AttributePath> several(Object paths) {
        return paths instanceof String text
                ? Arrays.stream(text.split(",", -1)).map(AttributePath::of).toList()
                : List.of(of(paths));
    }

    /** Follows the path from a value. */
    Object get(Object start, Budget budget) {
        Object value = start;
        for (Object part : parts) {
            value = Access.element(value, part, budget);
            if (value instanceof Undefined && !(fallback instanceof None)) {
                value = fallback;
            }
        }
        return value;
    }
}
