package ai.preceptor.jinja.value;

import java.util.List;

/** Python's list. Templates cannot change one. */
public record PyList(List<Object> items) implements PySequence {
    @Override
    public PyList like(List<Object> other) {
        return new PyList(other);
    }
}
