package ai.preceptor.jinja.value;

import java.util.Iterator;
import java.util.Locale;

/**
 * The result of {@code keys()}, {@code values()} and {@code items()} of a dict: a length and elements in order, but no
 * index.
 */
public record DictView(PyDict dict, Part part) implements Sized, Iterable<Object> {
    public enum Part {
        KEYS,
        VALUES,
        ITEMS;

        String typeName() {
            return "dict_" + name().toLowerCase(Locale.ROOT);
        }

        private Object of(PyDict.Entry entry) {
            return switch (this) {
                case KEYS -> entry.key();
                case VALUES -> entry.value();
                case ITEMS -> entry.pair();
            };
        }
    }

    @Override
    public long length() {
        return dict.length();
    }

    /** Takes no copy: a loop may end after its first element. */
    @Override
    public Iterator<Object> iterator() {
        Iterator<PyDict.Entry> entries = dict.entries().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public Object next() {
                return part.of(entries.next());
            }
        };
    }
}
