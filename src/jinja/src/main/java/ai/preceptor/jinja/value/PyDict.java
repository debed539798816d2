package ai.preceptor.jinja.value;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
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

    public static PyDict of(Map<String, Object> source) {
        PyDict dict = new PyDict();
        source.forEach(dict::put);
        return dict;
    }

    /** @throws EvaluationError if the key is a list or dict */
    public void put(Object key, Object value) {
        entries.merge(Keys.of(key), new Entry(key, value), (old, fresh) -> new Entry(old.key(), value));
    }

    public void putAll(PyDict other) {
        other.entries().forEach(e -> put(e.key(), e.value()));
    }

    /** The value, or null if the key is absent. */
    @Nullable
    public Object get(Object key) {
        Entry entry = entries.get(Keys.of(key));
        return entry == null ? null : entry.value();
    }

    boolean containsKey(Object key) {
        return entries.containsKey(Keys.of(key));
    }

    @Override
    public long length() {
        return entries.size();
    }

    public Collection<Entry> entries() {
        return entries.values();
    }

    List<Object> keys() {
        List<Object> keys = new ArrayList<>(entries.size());
        entries().forEach(e -> keys.add(e.key()));
        return keys;
    }
}
