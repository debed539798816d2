package ai.preceptor.jinja;

import java.util.List;

/** Python's tuple. */
record PyTuple(List<Object> items) implements PySequence {
    static PyTuple of(Object... items) {
        return new PyTuple(List.of(items));
    }

    @Override
    public PyTuple like(List<Object> other) {
        return new PyTuple(other);
    }
}
