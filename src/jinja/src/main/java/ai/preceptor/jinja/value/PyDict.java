package ai.preceptor.jinja.value;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's dict: keeps the order of insertion, and finds {@code 1}, {@code 1.0} and {@code True} under one key. */
public final class PyDict implements Sized {
    /** A key as it was first written, with its value. */
    public record Entry(Object key, Object value) {
        PyTuple pair() {
            return PyTuple.of(key, value);
        }
    }

    private final Map<Object, Entry> entries = new LinkedHashMap<>();

    public static PyDict of(Map<String, Object> source, Budget budget) {
        PyDict dict = new PyDict();
        source.forEach((key, value) -> dict.put(key, value, budget));
        return dict;
    }

    /** @throws EvaluationError if the key is a list or dict */
    public void put(Object key, Object value, Budget budget) {
        entries.merge(Keys.of(key, budget), new Entry(key, value), (old, fresh) -> new Entry(old.key(), value));
    }

    public void putAll(PyDict other, Budget budget) {
        budget.elements(other.length());
        other.entries().forEach(e -> put(e.key(), e.value(), budget));
    }

    /** The value, or null if the key is absent. */
    @Nullable
    public Object get(Object key, Budget budget) {
        Entry entry = entries.get(Keys.of(key, budget));
        return entry == null ? null : entry.value();
    }

    boolean containsKey(Object key, Budget budget) {
        return entries.containsKey(Keys.of(key, budget));
    }

    @Override
    public long length() {
        return entries.size();
    }

    public Collection<Entry> entries() {
        return entries.values();
    }
}
