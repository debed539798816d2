package ai.preceptor.jinja.value;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one value a template can change: its attributes outlive the loop that sets them. */
public final class Namespace implements PyObject {
    private final Map<String, Object> attributes = new LinkedHashMap<>();

    /** @throws EvaluationError if the name starts with an underscore, as in transformers */
    public void put(String name, Object value) {
        if (name.startsWith("_")) {
            throw new EvaluationError("a namespace takes no attribute that starts with '_', got '" + name + "'");
        }
        attributes.put(name, value);
    }

    PyDict asDict(Budget budget) {
        return PyDict.of(attributes, budget);
    }

    @Override
    public String typeName() {
        return "Namespace";
    }

    @Override
    public @Nullable Object attribute(String name) {
        return attributes.get(name);
    }
}
