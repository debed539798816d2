package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.Budget;
import ai.preceptor.jinja.value.DictView;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Namespace;
import ai.preceptor.jinja.value.None;
import ai.preceptor.jinja.value.Numbers;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PyList;
import ai.preceptor.jinja.value.PyObject;
import ai.preceptor.jinja.value.PyRange;
import ai.preceptor.jinja.value.PySequence;
import ai.preceptor.jinja.value.PyText;
import ai.preceptor.jinja.value.Types;
import ai.preceptor.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Attributes, elements and slices of values, under the rules of Jinja's sandbox. */
public final class Access {
    /** What every Python object has; found, and then refused. */
    private static final Set<String> INTERNAL =
            Set.of(("__class__ __doc__ __dir__ __init__ __new__ __repr__ __str__ __hash__"
                            + " __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __reduce__ __reduce_ex__ __sizeof__ __format__"
                            + " __getattribute__ __setattr__ __delattr__ __init_subclass__ __subclasshook__")
                    .split(" "));

    private Access() {}

    /** {@code value.name}: the attribute or method, else the element of that key. */
    public static Object attribute(Object value, String name, Budget budget) {
        Object found = own(value, name);
        if (found != null) {
            return found;
        }
        Object element = value instanceof PyDict dict ? dict.get(name, budget) : null;
        if (element != null) {
            return element;
        }
        budget.step(); // a message is made
        return Undefined.attribute(value, name);
    }

    /** {@code value[key]}: the element, else the attribute or method of that name. */
    public static Object element(Object value, Object key, Budget budget) {
        Undefined.requireDefined(value);
        budget.text(value instanceof String text ? text.length() : 0);
        budget.read(key);
        Object element = item(value, key, budget);
        if (element == null && key instanceof String name) {
            element = own(value, name);
        }
        if (element != null) {
            return element;
        }
        budget.step(); // a message is made
        return Undefined.element(value, key);
    }

    /** The attribute or method proper, or null; refused ones come back undefined. */
    public static @Nullable Object own(Object value, String name) {
        if (!name.startsWith("__")) {
            Undefined.requireDefined(value);
        }
        if (INTERNAL.contains(name) && !(value instanceof Namespace)) {
            return Undefined.unsafe(value, name);
        }
        return value instanceof PyObject object ? object.attribute(name) : Methods.find(value, name);
    }

    private static @Nullable Object item(Object value, Object key, Budget budget) {
        if (value instanceof PyDict dict) {
            boolean hashable = !(key instanceof PyList || key instanceof PyDict || key instanceof DictView);
            return hashable ? dict.get(key, budget) : null;
        }
        if (!Numbers.isIndex(key)) {
            return null;
        }
        if (value instanceof String text) {
            int size = PyText.length(text);
            int at = position(key, size);
            return at < 0 ? null : PyText.slice(text, at, at + 1);
        }
        if (value instanceof PySequence sequence) {
            List<Object> items = sequence.items();
            int at = position(key, items.size());
            return at < 0 ? null : items.get(at);
        }
        return null;
    }

    /** What a part of a path stands for: an index, if it is digits, or a name. */
    public static Object key(String part) {
        boolean index = !part.isEmpty() && part.length() < 10 && part.chars().allMatch(Character::isDigit);
        return index ? (Object) Long.valueOf(part) : part;
    }

    private static int position(Object key, int size) {
        if (!(key instanceof Long || key instanceof Boolean)) {
            return -1;
        }
        long index = Numbers.index(key, "an index");
        long at = index < 0 ? index + size : index;
        return at >= 0 && at < size ? (int) at : -1;
    }

    /** {@code value[from:to:step]}; {@code None} stands for an absent part. */
    public static Object slice(Object value, Object from, Object to, Object step, Budget budget) {
        Undefined.requireDefined(value);
        if (!(value instanceof String || value instanceof PySequence)) {
            throw new EvaluationError("a '" + Types.name(value) + "' has no slices");
        }
        long stride = step instanceof None ? 1 : Numbers.index(step, "a step");
        if (stride == 0) {
            throw new EvaluationError("the step of a slice is 0; it must not be");
        }
        int size = value instanceof String s
                ? PyText.length(s)
                : ((PySequence) value).items().size();
        // A stride of the whole length takes the first element alone, as any longer one does.
        int longest = Math.max(1, size);
        stride = Math.max(-longest, Math.min(longest, stride));
        long low = stride > 0 ? 0 : -1;
        long high = stride > 0 ? size : size - 1L;
        long start = from instanceof None ? (stride > 0 ? low : high) : clamp(from, size, low, high);
        long stop = to instanceof None ? (stride > 0 ? high : low) : clamp(to, size, low, high);
        if (value instanceof String text) {
            budget.text(text.length());
            return stride == 1
                    ? PyText.slice(text, (int) start, (int) Math.max(start, stop))
                    : stepped(text, start, stop, stride);
        }
        return items((PySequence) value, start, stop, stride, budget);
    }

    private static long clamp(Object bound, int size, long low, long high) {
        long index = Numbers.index(bound, "a bound of a slice");
        long at = index < 0 ? index + size : index;
        return Math.max(low, Math.min(high, at));
    }

    private static Object stepped(String text, long start, long stop, long stride) {
        int[] points = text.codePoints().toArray();
        StringBuilder out = new StringBuilder();
        for (long i = start; stride > 0 ? i < stop : i > stop; i += stride) {
            out.appendCodePoint(points[(int) i]);
        }
        return out.toString();
    }

    private static Object items(PySequence value, long start, long stop, long stride, Budget budget) {
        if (value instanceof PyRange range) {
            long first = range.start() + start * range.step();
            return new PyRange(first, range.start() + stop * range.step(), range.step() * stride);
        }
        List<Object> taken = new ArrayList<>();
        for (long i = start; stride > 0 ? i < stop : i > stop; i += stride) {
            budget.step();
            taken.add(value.items().get((int) i));
        }
        return value.like(taken);
    }
}
