package ai.preceptor.jinja.filter;

import ai.preceptor.jinja.builtin.Access;
import ai.preceptor.jinja.value.Budget;
import ai.preceptor.jinja.value.EvaluationError;
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
    /** Chars of a path. */
    private static final int LONGEST = 1000;

    /** The path of a value; none stands for the element itself. */
    static AttributePath of(Object path) {
        return of(path, None.NONE);
    }

    static AttributePath of(Object path, Object fallback) {
        if (path instanceof String text) {
            checkLength(text);
            return new AttributePath(
                    Arrays.stream(text.split("\\.", -1)).map(Access::key).toList(), fallback);
        }
        return new AttributePath(path instanceof None ? List.of() : List.of(path), fallback);
    }

    /** Paths with commas between. */
    static List<AttributePath> several(Object paths) {
        if (paths instanceof String text) {
            checkLength(text);
            return Arrays.stream(text.split(",", -1)).map(AttributePath::of).toList();
        }
        return List.of(of(paths));
    }

    private static void checkLength(String path) {
        if (path.length() > LONGEST) {
            throw new EvaluationError(
                    "an attribute of " + path.length() + " chars; at most " + LONGEST + " are allowed");
        }
    }

    /** Follows the path from a value. */
    Object get(Object start, Budget budget) {
        Object value = start;
        for (Object part : parts) {
            budget.operation();
            value = Access.element(value, part, budget);
            if (value instanceof Undefined && !(fallback instanceof None)) {
                value = fallback;
            }
        }
        return value;
    }
}
