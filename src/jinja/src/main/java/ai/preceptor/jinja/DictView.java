package ai.preceptor.jinja;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code keys()}, {@code values()} and {@code items()} of a dict give: a length and elements in order, but no
 * index.
 */
record DictView(PyDict dict, Part part) {
    enum Part {
        KEYS,
        VALUES,
        ITEMS
    }

    List<Object> elements() {
        List<Object> elements = new ArrayList<>(dict.size());
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
