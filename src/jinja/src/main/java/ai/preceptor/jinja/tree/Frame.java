package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.value.Budget;
import ai.preceptor.jinja.value.Undefined;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of one scope while it runs. */
public final class Frame {
    /** A name the scope knows and that has no value yet. */
    private static final Object UNSET = new Object();

    private final Rendering rendering;
    private final @Nullable Frame parent;
    private final Map<String, Object> values = new HashMap<>();

    private Frame(Rendering rendering, @Nullable Frame parent) {
        this.rendering = rendering;
        this.parent = parent;
    }

    public static Frame root(Rendering rendering, Symbols scope) {
        return new Frame(rendering, null).prepare(scope);
    }

    /** A scope inside this one. */
    Frame inner(Symbols scope) {
        return new Frame(rendering, this).prepare(scope);
    }

    private Frame prepare(Symbols scope) {
        budget().operations(scope.origins().size());
        scope.origins().forEach((name, origin) -> {
            Object value = switch (origin) {
                case UNSET -> UNSET;
                case OUTER -> parent == null ? UNSET : parent.find(name);
                case CONTEXT -> rendering.variables().getOrDefault(name, UNSET);
            };
            values.put(name, value);
        });
        return this;
    }

    Rendering rendering() {
        return rendering;
    }

    Budget budget() {
        return rendering.budget();
    }

    private Object find(String name) {
        for (Frame frame = this; frame != null; frame = frame.parent) {
            Object value = frame.values.get(name);
            if (value != null) {
                return value;
            }
        }
        return rendering.variables().getOrDefault(name, UNSET);
    }

    Object get(String name) {
        Object value = find(name);
        return value == UNSET ? Undefined.name(name) : value;
    }

    /** Whether this very scope holds a value of that name. */
    boolean isSet(String name) {
        Object value = values.get(name);
        return value != null && value != UNSET;
    }

    void set(String name, Object value) {
        values.put(name, value);
    }
}
