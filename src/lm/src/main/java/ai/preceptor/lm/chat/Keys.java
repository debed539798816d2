package ai.preceptor.lm.chat;

import java.util.ArrayList;
import java.util.List;

/** Turns values into Java map keys that are equal where Python's hash keys are. */
final class Keys {
    private record Tuple(List<Object> parts) {}

    private record OfUndefined() {}

    private Keys() {}

    /** @throws EvaluationError if Python could not hash the value */
    static Object of(Object value) {
        if (value instanceof Boolean b) {
            return b ? 1L : 0L;
        }
        if (value instanceof Double d) {
            return d == Math.rint(d) && Math.abs(d) < 0x1p63 ? (Object) d.longValue() : d;
        }
        if (value instanceof PyTuple tuple) {
            List<Object> parts = new ArrayList<>();
            tuple.items().forEach(item -> parts.add(of(item)));
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
