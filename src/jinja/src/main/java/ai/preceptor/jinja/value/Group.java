package ai.preceptor.jinja.value;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One group of {@code groupby}: a pair whose parts have names too. */
public record Group(Object grouper, PyList list) implements PySequence, PyObject {
    @Override
    public List<Object> items() {
        return List.of(grouper, list);
    }

    @Override
    public PySequence like(List<Object> other) {
        return new PyTuple(other);
    }

    @Override
    public String typeName() {
        return "tuple";
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "grouper" -> grouper;
            case "list" -> list;
            default -> null;
        };
    }
}
