package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.Budget;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.PyText;
import ai.preceptor.jinja.value.PyTuple;
import ai.preceptor.jinja.value.Repr;
import ai.preceptor.jinja.value.Types;
import java.util.List;

/** Finding, counting and replacing texts in texts; positions are code points. */
public final class TextSearch {
    private TextSearch() {}

    /** The part of a text that optional bounds select, and where it starts. */
    private record Window(String text, int start, boolean valid) {
        static Window of(String text, Bound arguments, int startAt) {
            int size = PyText.length(text);
            int start = clamp(arguments, startAt, 0, size);
            int end = clamp(arguments, startAt + 1, size, size);
            boolean beyond = !arguments.isNone(startAt) && arguments.whole(startAt, 0) > size;
            boolean valid = start <= end && !beyond;
            return new Window(valid ? PyText.slice(text, start, end) : "", start, valid);
        }

        private static int clamp(Bound arguments, int at, int fallback, int size) {
            if (arguments.isNone(at)) {
                return fallback;
            }
            long index = arguments.whole(at, fallback);
            return (int) Math.max(0, Math.min(size, index < 0 ? index + size : index));
        }
    }

    /** Arguments: what, start, end. */
    static long find(Rendering rendering, String text, Bound arguments, boolean last) {
        String what = arguments.text(0);
        Window window = Window.of(text, arguments, 1);
        rendering.budget().search(text, what);
        if (!window.valid()) {
            return -1;
        }
        int at = last ? window.text().lastIndexOf(what) : window.text().indexOf(what);
        return at < 0 ? -1 : window.start() + window.text().codePointCount(0, at);
    }

    /** As {@link #find}, but absence is an error. */
    static long index(Rendering rendering, String text, Bound arguments, boolean last) {
        long at = find(rendering, text, arguments, last);
        if (at < 0) {
            throw new EvaluationError("the text does not contain " + Repr.brief(arguments.text(0)));
        }
        return at;
    }

    static long count(Rendering rendering, String text, Bound arguments) {
        String what = arguments.text(0);
        Window window = Window.of(text, arguments, 1);
        rendering.budget().search(text, what);
        if (!window.valid()) {
            return 0;
        }
        if (what.isEmpty()) {
            return PyText.length(window.text()) + 1L;
        }
        long count = 0;
        for (int at = window.text().indexOf(what); at >= 0; at = window.text().indexOf(what, at + what.length())) {
            count++;
        }
        return count;
    }

    /** Whether the text begins or ends with the first argument, a text or a tuple of texts. */
    static boolean affix(Rendering rendering, String text, Bound arguments, boolean atEnd) {
        Window window = Window.of(text, arguments, 1);
        List<Object> choices = arguments.at(0) instanceof PyTuple tuple ? tuple.items() : List.of(arguments.text(0));
        boolean found = false;
        for (Object choice : choices) {
            if (!(choice instanceof String affix)) {
                throw new EvaluationError("a prefix or suffix must be a str, got " + Types.name(choice));
            }
            rendering.budget().step();
            rendering.budget().read(affix);
            found |= window.valid()
                    && (atEnd ? window.text().endsWith(affix) : window.text().startsWith(affix));
        }
        return found;
    }

    /** Replaces the first {@code count} finds; all if it is negative. */
    public static String replace(Budget budget, String text, String old, String fresh, long count) {
        budget.search(text, old);
        StringBuilder out = new StringBuilder();
        int from = 0;
        long done = 0;
        while (count < 0 || done < count) {
            int at = text.indexOf(old, from);
            if (at < 0 || (old.isEmpty() && done > 0 && from >= text.length())) {
                break;
            }
            if (old.isEmpty()) {
                // An empty text is found before every character and at the end.
                at = done == 0 ? 0 : text.offsetByCodePoints(from, 1);
            }
            out.append(text, from, at).append(fresh);
            budget.output((long) out.length() + text.length() - at, fresh.length());
            from = at + old.length();
            done++;
        }
        return out.append(text, from, text.length()).toString();
    }
}
