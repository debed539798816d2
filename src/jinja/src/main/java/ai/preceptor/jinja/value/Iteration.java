package ai.preceptor.jinja.value;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Iterates over values. */
public final class Iteration {
    private Iteration() {}

    public static boolean isIterable(Object value) {
        return value instanceof String
                || value instanceof PySequence
                || value instanceof PyDict
                || value instanceof DictView
                || value instanceof PyIterator
                || value instanceof Undefined;
    }

    /**
     * The elements of a value: those of a sequence, the keys of a dict, the characters of a text.
     *
     * @throws EvaluationError if it has none
     */
    public static Iterator<Object> over(Object value) {
        if (value instanceof PySequence sequence) {
            return sequence.items().iterator();
        }
        if (value instanceof PyDict dict) {
            return new DictView(dict, DictView.Part.KEYS).iterator();
        }
        if (value instanceof DictView view) {
            return view.iterator();
        }
        if (value instanceof PyIterator once) {
            return once.source();
        }
        if (value instanceof String text) {
            return new Characters(text);
        }
        if (value instanceof Undefined) {
            return Collections.emptyIterator();
        }
        throw new EvaluationError("a '" + Types.name(value) + "' cannot be looped over");
    }

    public static List<Object> list(Object value, Budget budget) {
        if (value instanceof PyList list) {
            budget.elements(list.items().size());
            return list.items();
        }
        List<Object> items = new ArrayList<>();
        Iterator<Object> source = over(value);
        while (source.hasNext()) {
            budget.step();
            items.add(source.next());
        }
        return items;
    }

    /** The elements from last to first, or null-free failure if the value has no such order. */
    public static Iterator<Object> reversed(Object value, Budget budget) {
        List<Object> items = new ArrayList<>(list(value, budget));
        Collections.reverse(items);
        return items.iterator();
    }

    /** The elements that meet a condition, each asked only when its turn has come. */
    public static Iterator<Object> matching(Iterator<Object> source, Predicate<Object> condition, Budget budget) {
        return new Iterator<>() {
            private @Nullable Object next;

            @Override
            public boolean hasNext() {
                while (next == null && source.hasNext()) {
                    budget.step();
                    Object item = source.next();
                    if (condition.test(item)) {
                        next = item;
                    }
                }
                return next != null;
            }

            @Override
            public Object next() {
                if (!hasNext() || next == null) {
                    throw new NoSuchElementException("there are no more elements");
                }
                Object item = next;
                next = null;
                return item;
            }
        };
    }

    private static final class Characters implements Iterator<Object> {
        private final String text;
        private int pos;

        Characters(String text) {
            this.text = text;
        }

        @Override
        public boolean hasNext() {
            return pos < text.length();
        }

        @Override
        public Object next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the text has no more characters");
            }
            int start = pos;
            pos = text.offsetByCodePoints(pos, 1);
            return text.substring(start, pos);
        }
    }
}
