package ai.preceptor.jinja.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The result of {@code keys()}, {@code values()} and {@code items()} of a dict: a length and elements in order, but no
 * index.
 */
public record DictView(PyDict dict, Part part) implements Sized {
    public enum Part {
        KEYS,
        VALUES,
        ITEMS;

        String typeName() {
            return "dict_" + name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public long length() {
        return dict.length();
    }

    public List<Object> elements() {
        List<Object> elements = new ArrayList<>();
        for (PyDict.Entry e : dict.entries()) {
            elements.add(
                    switch (part) {
                        case KEYS -> e.key();
                        case VALUES -> e.value();
                        case ITEMS -> e.pair();
                    });
        }
        return elements;
    }
}
