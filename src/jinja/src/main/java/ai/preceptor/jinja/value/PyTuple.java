package ai.preceptor.jinja.value;

import java.util.List;

/** Python's tuple. */
public record PyTuple(List<Object> items) implements PySequence {
    public static PyTuple of(Object... items) {
        return new PyTuple(List.of(items));
    }

    @Override
    public PyTuple like(List<Object> other) {
        return new PyTuple(other);
    }
}
