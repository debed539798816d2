package ai.preceptor.jinja.value;

import java.util.Iterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A sequence that can be run through once, as Python's generators: no length, no index, empty the second time. */
public final class PyIterator {
    private final Iterator<Object> source;

    public PyIterator(Iterator<Object> source) {
        this.source = source;
    }

    /** A sequence whose source is asked for when the first element is: until then nothing can go wrong. */
    public static PyIterator lazy(Supplier<Iterator<Object>> source) {
        return new PyIterator(new Lazy(source));
    }

    /** The elements still to come. */
    Iterator<Object> source() {
        return source;
    }

    private static final class Lazy implements Iterator<Object> {
        private final Supplier<Iterator<Object>> supplier;
        private @Nullable Iterator<Object> source;

        Lazy(Supplier<Iterator<Object>> supplier) {
            this.supplier = supplier;
        }

        private Iterator<Object> source() {
            if (source == null) {
                source = supplier.get();
            }
            return source;
        }

        @Override
        public boolean hasNext() {
            return source().hasNext();
        }

        @Override
        public Object next() {
            return source().next();
        }
    }
}
