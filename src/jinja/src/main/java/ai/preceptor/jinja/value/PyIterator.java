package ai.preceptor.jinja.value;

import java.util.Iterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A sequence that can be iterated once, as Python's generators: no length, no index, empty the second time. Its source
 * is asked for when it is first used: until then nothing can go wrong.
 */
public final class PyIterator {
    private final Supplier<Iterator<Object>> supplier;
    private @Nullable Iterator<Object> source;

    public PyIterator(Supplier<Iterator<Object>> supplier) {
        this.supplier = supplier;
    }

    /** The elements still to come. */
    Iterator<Object> source() {
        if (source == null) {
            source = supplier.get();
        }
        return source;
    }
}
