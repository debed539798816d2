package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.Budget;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.PyText;
import ai.preceptor.jinja.value.PyTuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Splitting texts, at a step for each part; a negative maximum means no bound on the number of cuts. */
public final class TextSplit {
    private TextSplit() {}

    /** Cuts at runs of white space; none at the ends. */
    public static List<Object> onSpace(String text, long max, Budget budget) {
        List<Object> parts = new ArrayList<>();
        int pos = PyText.skipSpace(text, 0);
        while (pos < text.length()) {
            budget.step();
            if (max >= 0 && parts.size() >= max) {
                parts.add(text.substring(pos));
                break;
            }
            int end = pos;
            while (end < text.length() && !PyText.isSpace(text.charAt(end))) {
                end++;
            }
            parts.add(text.substring(pos, end));
            pos = PyText.skipSpace(text, end);
        }
        return parts;
    }

    /** As {@link #onSpace}, but the cuts are counted from the end. */
    static List<Object> onSpaceFromEnd(String text, long max, Budget budget) {
        List<Object> parts = new ArrayList<>();
        int end = PyText.skipSpaceBack(text, text.length());
        while (end > 0) {
            budget.step();
            if (max >= 0 && parts.size() >= max) {
                parts.add(text.substring(0, end));
                break;
            }
            int start = end;
            while (start > 0 && !PyText.isSpace(text.charAt(start - 1))) {
                start--;
            }
            parts.add(text.substring(start, end));
            end = PyText.skipSpaceBack(text, start);
        }
        Collections.reverse(parts);
        return parts;
    }

    static List<Object> on(String text, String separator, long max, Budget budget) {
        budget.search(text, separator);
        List<Object> parts = new ArrayList<>();
        int pos = 0;
        for (int at = text.indexOf(separator); at >= 0 && (max < 0 || parts.size() < max); ) {
            budget.step();
            parts.add(text.substring(pos, at));
            pos = at + separator.length();
            at = text.indexOf(separator, pos);
        }
        parts.add(text.substring(pos));
        return parts;
    }

    /** As {@link #on}, but the cuts are counted from the end. */
    static List<Object> onFromEnd(String text, String separator, long max, Budget budget) {
        budget.search(text, separator);
        List<Object> parts = new ArrayList<>();
        int end = text.length();
        int at = text.lastIndexOf(separator, end - separator.length());
        while (at >= 0 && (max < 0 || parts.size() < max)) {
            budget.step();
            parts.add(text.substring(at + separator.length(), end));
            end = at;
            at = text.lastIndexOf(separator, end - separator.length());
        }
        parts.add(text.substring(0, end));
        Collections.reverse(parts);
        return parts;
    }

    /** Before the separator, the separator, and after it. */
    static PyTuple partition(String text, String separator, boolean last, Budget budget) {
        if (separator.isEmpty()) {
            throw new EvaluationError("a separator must not be empty");
        }
        budget.search(text, separator);
        int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
        if (at < 0) {
            return last ? PyTuple.of("", "", text) : PyTuple.of(text, "", "");
        }
        return PyTuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
    }
}
