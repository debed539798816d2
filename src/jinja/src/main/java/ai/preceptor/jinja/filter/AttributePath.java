package ai.preceptor.jinja.filter;

import ai.preceptor.jinja.builtin.Access;
import ai.preceptor.jinja.value.Budget;
import ai.preceptor.jinja.value.None;
import ai.preceptor.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.List;

/** The {@code attribute} argument of filters: {@code "a.b.0"} or an index. */
final class AttributePath {
    private final List<Object> parts;
    private final Object fallback;

    private AttributePath(List<Object> parts, Object fallback) {
        this.parts = parts;
        this.fallback = fallback;
    }

    /** The path of a value; none stands for the element itself. */
    static AttributePath of(Object path) {
        return of(path, None.NONE);
    }

    /** As {@link #of(Object)}, with what stands in for an undefined part; none for nothing. */
    static AttributePath of(Object path, Object fallback) {
        List<Object> parts = new ArrayList<>();
        if (path instanceof String text) {
            for (String part : text.split("\\.", -1)) {
                boolean index =
                        !part.isEmpty() && part.length() < 10 && part.chars().allMatch(Character::isDigit);
                parts.add(index ? (Object) Long.valueOf(part) : part);
            }
        } else if (!(path instanceof None)) {
            parts.add(path);
        }
        return new AttributePath(parts, fallback);
    }

    /** Paths with commas between. */
    static List<AttributePath> several(Object paths) {
        List<AttributePath> all = new ArrayList<>();
        if (paths instanceof String text) {
            for (String path : text.split(",", -1)) {
                all.add(of(path));
            }
        } else {
            all.add(of(paths));
        }
        return all;
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
