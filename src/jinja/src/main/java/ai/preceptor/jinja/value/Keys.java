package ai.preceptor.jinja.value;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns values into Java map keys that are equal where Python's hash keys are. */
public final class Keys {
    private static final int MAX_PARTS = 100;
    private static final int MAX_DEPTH = 20;

    /** Pays for comparisons, because a template can make long texts, and many values with one hash code. */
    private static final class Key {
        private final Object value;
        private final Budget budget;

        Key(Object value, Budget budget) {
            this.value = value;
            this.budget = budget;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            budget.operation();
            budget.read(value);
            return other instanceof Key key && value.equals(key.value);
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }
    }

    private record Tuple(List<Object> parts) {}

    private record OfUndefined() {}

    private Keys() {}

    /** @throws EvaluationError if Python could not hash the value, or it is a tuple out of all proportion */
    public static Object of(Object value, Budget budget) {
        return of(value, budget, 0, new int[1]);
    }

    /** @param met how many parts of tuples were met so far */
    private static Object of(Object value, Budget budget, int depth, int[] met) {
        return new Key(plain(value, budget, depth, met), budget);
    }

    private static Object plain(Object value, Budget budget, int depth, int[] met) {
        if (value instanceof Boolean b) {
            return b ? 1L : 0L;
        }
        if (value instanceof Double d) {
            return d == Math.rint(d) && Math.abs(d) < 0x1p63 ? (Object) d.longValue() : d;
        }
        if (value instanceof PyTuple || value instanceof Group) {
            List<Object> items = ((PySequence) value).items();
            if ((met[0] += items.size()) > MAX_PARTS || depth > MAX_DEPTH) {
                throw new EvaluationError("a tuple of that size cannot be a key");
            }
            budget.spend(items.size());
            List<Object> parts = new ArrayList<>();
            items.forEach(item -> parts.add(of(item, budget, depth + 1, met)));
            return new Tuple(parts);
        }
        if (value instanceof Undefined) {
            return new OfUndefined();
        }
        if (value instanceof PyList || value instanceof PyDict || value instanceof DictView) {
            throw new EvaluationError("a '" + Types.name(value) + "' cannot be a key");
        }
        return value;
    }
}
