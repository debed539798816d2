package ai.preceptor.jinja.value;

import java.util.ArrayList;
import java.util.List;

/** Turns values into Java map keys that are equal where Python's hash keys are. */
public final class Keys {
    private static final int MAX_PARTS = 100;
    private static final int MAX_DEPTH = 20;

    private record Tuple(List<Object> parts) {}

    private record OfUndefined() {}

    private Keys() {}

    /** @throws EvaluationError if Python could not hash the value, or it is a tuple out of all proportion */
    public static Object of(Object value) {
        return of(value, 0, new int[1]);
    }

    /** @param met how many parts of tuples were met so far */
    private static Object of(Object value, int depth, int[] met) {
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
            List<Object> parts = new ArrayList<>();
            items.forEach(item -> parts.add(of(item, depth + 1, met)));
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
