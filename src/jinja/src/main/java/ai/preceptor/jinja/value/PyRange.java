package ai.preceptor.jinja.value;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * Python's range.
 *
 * @param start first element
 * @param stop where it stops, itself excluded
 * @param step distance of neighbours; not zero
 */
public record PyRange(long start, long stop, long step) implements PySequence {
    private static final long BOUND = 1L << 61;

    public static PyRange of(List<Object> arguments) {
        if (arguments.isEmpty() || arguments.size() > 3) {
            throw new EvaluationError("range takes 1 to 3 arguments, got " + arguments.size());
        }
        long first = bound(arguments.get(0));
        long start = arguments.size() == 1 ? 0 : first;
        long stop = arguments.size() == 1 ? first : bound(arguments.get(1));
        long step = arguments.size() < 3 ? 1 : bound(arguments.get(2));
        if (step == 0) {
            throw new EvaluationError("the third argument of range is 0; it must not be");
        }
        double length = Math.ceil(((double) stop - (double) start) / step);
        if (length > Limits.RANGE) {
            throw new EvaluationError("a range of more than " + Limits.RANGE + " elements");
        }
        return new PyRange(start, stop, step);
    }

    private static long bound(Object argument) {
        long value = Numbers.index(argument, "an argument of range");
        if (value > BOUND || value < -BOUND) {
            throw new EvaluationError("an argument of range is " + value + "; at most 2^61 is allowed");
        }
        return value;
    }

    @Override
    public long length() {
        boolean empty = step > 0 ? start >= stop : start <= stop;
        return empty ? 0 : (stop - start - Long.signum(step)) / step + 1;
    }

    boolean contains(long value) {
        boolean within = step > 0 ? value >= start && value < stop : value <= start && value > stop;
        return within && (value - start) % step == 0;
    }

    @Override
    public List<Object> items() {
        return new Elements(this);
    }

    @Override
    public PySequence like(List<Object> other) {
        return new PyList(other);
    }

    private static final class Elements extends AbstractList<Object> implements RandomAccess {
        private final PyRange range;

        Elements(PyRange range) {
            this.range = range;
        }

        @Override
        public Object get(int index) {
            return range.start() + index * range.step();
        }

        @Override
        public int size() {
            return (int) range.length();
        }
    }
}
