package ai.preceptor.jinja.value;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;

/** Equality, order and membership, as in Python. */
public final class PyComparison {
    private final Budget budget;

    public PyComparison(Budget budget) {
        this.budget = budget;
    }

    public boolean equal(Object a, Object b) {
        return equal(a, b, 0);
    }

    private boolean equal(Object a, Object b, int depth) {
        if (a instanceof String s) {
            budget.scan(s.length());
            return s.equals(b);
        }
        if (Types.isNumber(a) && Types.isNumber(b)) {
            return !Numbers.isNan(a) && !Numbers.isNan(b) && Numbers.compare(a, b) == 0;
        }
        if (a instanceof PySequence x && b instanceof PySequence y) {
            return a.getClass() == b.getClass() && equalItems(x.items(), y.items(), depth + 1);
        }
        if (a instanceof PyDict x && b instanceof PyDict y) {
            return equalDicts(x, y, depth + 1);
        }
        if (a instanceof DictView x && b instanceof DictView y) {
            return a == b || equalViews(x, y, depth + 1);
        }
        return a == b || (a instanceof Undefined && b instanceof Undefined);
    }

    private boolean equalItems(List<Object> a, List<Object> b, int depth) {
        budget.depth(depth);
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            budget.step();
            if (a.get(i) != b.get(i) && !equal(a.get(i), b.get(i), depth)) {
                return false;
            }
        }
        return true;
    }

    private boolean equalDicts(PyDict a, PyDict b, int depth) {
        budget.depth(depth);
        if (a.length() != b.length()) {
            return false;
        }
        for (PyDict.Entry e : a.entries()) {
            budget.step();
            Object other = b.get(e.key(), budget);
            if (other == null || (other != e.value() && !equal(e.value(), other, depth))) {
                return false;
            }
        }
        return true;
    }

    private boolean equalViews(DictView a, DictView b, int depth) {
        if (a.part() != b.part() || a.part() == DictView.Part.VALUES) {
            return false;
        }
        if (a.part() == DictView.Part.ITEMS) {
            return equalDicts(a.dict(), b.dict(), depth);
        }
        return a.length() == b.length() && hasKeys(b.dict(), a.dict());
    }

    private boolean hasKeys(PyDict dict, PyDict other) {
        for (PyDict.Entry e : other.entries()) {
            budget.step();
            if (!dict.containsKey(e.key(), budget)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a stands before b.
     *
     * @throws EvaluationError if Python does not order the two
     */
    public boolean less(Object a, Object b) {
        return less(a, b, 0);
    }

    private boolean less(Object a, Object b, int depth) {
        if (a instanceof String x && b instanceof String y) {
            budget.scan(Math.min(x.length(), y.length()));
            return PyText.compare(x, y) < 0;
        }
        if (Types.isNumber(a) && Types.isNumber(b)) {
            return !Numbers.isNan(a) && !Numbers.isNan(b) && Numbers.compare(a, b) < 0;
        }
        if (a instanceof PySequence x
                && b instanceof PySequence y
                && a.getClass() == b.getClass()
                && !(a instanceof PyRange)) {
            return lessItems(x.items(), y.items(), depth + 1);
        }
        Undefined.requireDefined(a);
        Undefined.requireDefined(b);
        throw new EvaluationError("'" + Types.name(a) + "' and '" + Types.name(b) + "' have no order");
    }

    private boolean lessItems(List<Object> a, List<Object> b, int depth) {
        budget.depth(depth);
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            budget.step();
            if (!equal(a.get(i), b.get(i), depth)) {
                return less(a.get(i), b.get(i), depth);
            }
        }
        return a.size() < b.size();
    }

    /** {@code a <= b}; for NaN neither this nor {@link #less} of the swapped pair holds. */
    public boolean lessOrEqual(Object a, Object b) {
        return less(a, b) || equal(a, b);
    }

    /** For sorting: negative, zero or positive. */
    public int order(Object a, Object b) {
        return less(a, b) ? -1 : less(b, a) ? 1 : 0;
    }

    /** {@code element in container}. */
    public boolean contains(Object container, Object element) {
        if (container instanceof String s) {
            if (!(element instanceof String part)) {
                throw new EvaluationError("only a str can be 'in' a str, got " + Types.name(element));
            }
            budget.search(s, part);
            return s.contains(part);
        }
        if (container instanceof PyDict dict) {
            return dict.containsKey(element, budget);
        }
        if (container instanceof DictView view && view.part() == DictView.Part.KEYS) {
            return view.dict().containsKey(element, budget);
        }
        if (container instanceof PyRange range && Numbers.isIndex(element)) {
            return !(element instanceof BigInteger) && range.contains(Numbers.index(element, "an element"));
        }
        Iterator<Object> items = Iteration.over(container);
        while (items.hasNext()) {
            budget.step();
            Object item = items.next();
            if (item == element || equal(item, element)) {
                return true;
            }
        }
        return false;
    }

    /** {@code is}: the same value, where values that Python keeps once are the same. */
    public static boolean same(Object a, Object b) {
        boolean small = a instanceof Long x && x >= -5 && x <= 256;
        return a == b || ((a instanceof Boolean || small) && a.equals(b));
    }
}
