package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.PyText;
import ai.preceptor.jinja.value.PyTuple;
import ai.preceptor.jinja.value.Sized;
import ai.preceptor.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code loop}: the position of a loop. */
public final class LoopContext implements PyCallable, Sized {
    private static final Map<String, Function<LoopContext, Object>> ATTRIBUTES = Map.ofEntries(
            Map.entry("index", l -> l.index),
            Map.entry("index0", l -> l.index - 1),
            Map.entry("revindex", l -> l.length() - l.index + 1),
            Map.entry("revindex0", l -> l.length() - l.index),
            Map.entry("first", l -> l.index == 1),
            Map.entry("last", l -> !l.hasNext()),
            Map.entry("length", l -> l.length()),
            Map.entry("depth", l -> l.depth + 1L),
            Map.entry("depth0", l -> (long) l.depth),
            Map.entry("previtem", LoopContext::previous),
            Map.entry("nextitem", LoopContext::following),
            Map.entry("cycle", l -> (PyCallable) (rendering, arguments) -> l.cycle(arguments)),
            Map.entry("changed", l -> (PyCallable) l::changed));

    private final int depth;
    private final @Nullable PyCallable again;
    private Iterator<Object> items;
    private long length;
    private long index;
    private @Nullable Object before;
    private @Nullable Object current;
    private @Nullable Object ahead;
    private @Nullable PyTuple lastChanged;

    /**
     * @param items the elements
     * @param source what they come from, if its length is theirs; else none
     * @param again what {@code loop(...)} does, or null if the loop is not recursive
     */
    public LoopContext(Iterator<Object> items, Object source, int depth, @Nullable PyCallable again) {
        this.items = items;
        this.depth = depth;
        this.again = again;
        this.length = knownLength(source);
    }

    private static long knownLength(Object source) {
        return source instanceof Sized sized ? sized.length() : source instanceof String s ? PyText.length(s) : -1;
    }

    public boolean hasNext() {
        if (ahead == null && items.hasNext()) {
            ahead = items.next();
        }
        return ahead != null;
    }

    public Object advance() {
        if (!hasNext() || ahead == null) {
            throw new NoSuchElementException("the loop has no more elements");
        }
        before = current;
        current = ahead;
        ahead = null;
        index++;
        return current;
    }

    @Override
    public long length() {
        if (length < 0) {
            List<Object> rest = new ArrayList<>();
            items.forEachRemaining(rest::add);
            items = rest.iterator();
            length = index + (ahead == null ? 0 : 1) + rest.size();
        }
        return length;
    }

    private Object previous() {
        return before == null ? new Undefined("there is no previous item") : before;
    }

    private Object following() {
        return !hasNext() || ahead == null ? new Undefined("there is no next item") : ahead;
    }

    private Object cycle(Arguments arguments) {
        List<Object> values = arguments.positional();
        if (values.isEmpty()) {
            throw new EvaluationError("cycle needs at least one argument");
        }
        return values.get((int) ((index - 1) % values.size()));
    }

    private Object changed(Rendering rendering, Arguments arguments) {
        PyTuple now = new PyTuple(arguments.positional());
        boolean changed = lastChanged == null || !rendering.comparison().equal(lastChanged, now);
        lastChanged = changed ? now : lastChanged;
        return changed;
    }

    @Override
    public Object call(Rendering rendering, Arguments arguments) {
        if (again == null) {
            throw new EvaluationError("only a loop marked 'recursive' can be called");
        }
        return again.call(rendering, arguments);
    }

    @Override
    public String typeName() {
        return "LoopContext";
    }

    @Override
    public String repr() {
        return "<LoopContext " + index + "/" + length() + ">";
    }

    @Override
    public @Nullable Object attribute(String name) {
        Function<LoopContext, Object> attribute = ATTRIBUTES.get(name);
        return attribute == null ? null : attribute.apply(this);
    }
}
