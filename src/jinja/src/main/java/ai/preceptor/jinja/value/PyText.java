package ai.preceptor.jinja.value;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/** Text as Python sees it: a row of code points. */
public final class PyText {
    private PyText() {}

    /** Python's white space, which is neither Java's nor Unicode's. */
    public static boolean isSpace(int c) {
        if (c < 0x80) {
            return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
        }
        return "\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000".indexOf(c) >= 0 || (c >= 0x2000 && c <= 0x200a);
    }

    /** Whether {@code splitlines} breaks here. */
    static boolean isLineBreak(int c) {
        return (c >= '\n' && c <= '\r') || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    /** The first position at or after {@code from} that is not white space. */
    public static int skipSpace(String text, int from) {
        int i = from;
        while (i < text.length() && isSpace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** One past the last position before {@code from} that is not white space. */
    public static int skipSpaceBack(String text, int from) {
        int end = from;
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    public static String stripEnd(String text) {
        return text.substring(0, skipSpaceBack(text, text.length()));
    }

    public static String strip(String text) {
        return stripEnd(text.substring(skipSpace(text, 0)));
    }

    /** Removes characters of the set at the ends asked for. */
    public static String strip(String text, String set, boolean atStart, boolean atEnd) {
        BitSet removed = new BitSet();
        set.codePoints().forEach(removed::set);
        int from = 0;
        int to = text.length();
        while (atStart && from < to && removed.get(text.codePointAt(from))) {
            from = text.offsetByCodePoints(from, 1);
        }
        while (atEnd && to > from && removed.get(text.codePointBefore(to))) {
            to = text.offsetByCodePoints(to, -1);
        }
        return text.substring(from, to);
    }

    public static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The code points between two code-point positions that lie within the text. */
    public static String slice(String text, int from, int to) {
        if (length(text) == text.length()) {
            return text.substring(from, to);
        }
        int start = text.offsetByCodePoints(0, from);
        return text.substring(start, text.offsetByCodePoints(start, to - from));
    }

    /** Order by code points, which differs from Java's where surrogates meet the last planes' neighbours. */
    static int compare(String a, String b) {
        int n = Math.min(a.length(), b.length());
        for (int i = 0; i < n; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean surrogates = Character.isSurrogate(x) || Character.isSurrogate(y);
                return surrogates ? Integer.compare(pointAt(a, i), pointAt(b, i)) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static int pointAt(String text, int i) {
        boolean second = i > 0 && Character.isSurrogatePair(text.charAt(i - 1), text.charAt(i));
        return text.codePointAt(second ? i - 1 : i);
    }

    public static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    public static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** First character in title case, the rest in lower case. */
    public static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int end = text.offsetByCodePoints(0, 1);
        return titleCase(text.codePointAt(0)) + lower(text.substring(end));
    }

    /** One character as the first of a word. Where that makes several, those after the first letter stay small. */
    public static String titleCase(int c) {
        String upper = upper(Character.toString(c));
        if (upper.codePointCount(0, upper.length()) == 1) {
            return Character.toString(Character.toTitleCase(c));
        }
        int end = upper.offsetByCodePoints(0, 1);
        if (!Character.isUpperCase(upper.codePointAt(0))) {
            end = upper.length();
        }
        return upper.substring(0, end) + lower(upper.substring(end));
    }

    /** Lines without their ends, or with. */
    public static List<Object> lines(String text, boolean keepEnds, Budget budget) {
        List<Object> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isLineBreak(text.charAt(i))) {
                budget.step();
                int end = text.startsWith("\r\n", i) ? i + 2 : i + 1;
                lines.add(text.substring(start, keepEnds ? end : i));
                start = end;
                i = end - 1;
            }
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    /** Repeats a pad until it fills that many code points. */
    public static String pad(String fill, long count, Budget budget) {
        long times = Math.max(0, Math.min(count, Integer.MAX_VALUE)); // a product with a length fits
        budget.text(times * fill.length());
        return fill.repeat((int) times);
    }
}
