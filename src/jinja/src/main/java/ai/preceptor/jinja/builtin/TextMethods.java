package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.Budget;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Iteration;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PyList;
import ai.preceptor.jinja.value.PyText;
import ai.preceptor.jinja.value.Repr;
import ai.preceptor.jinja.value.Types;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The methods of texts. */
public final class TextMethods {
    static final Map<String, ValueFunction> TABLE = Map.ofEntries(
            change("upper", PyText::upper),
            change("lower", PyText::lower),
            change("casefold", s -> PyText.lower(PyText.upper(s))),
            change("capitalize", PyText::capitalize),
            change("title", TextPredicates::title),
            change("swapcase", TextPredicates::swapCase),
            every("isalnum", TextPredicates::isAlphanumeric),
            every("isalpha", Character::isLetter),
            question("isascii", s -> s.chars().allMatch(c -> c < 0x80)),
            every("isdecimal", Character::isDigit),
            every("isdigit", TextPredicates::isDigit),
            question("isidentifier", TextPredicates::isIdentifier),
            question("islower", TextPredicates::isLower),
            every("isnumeric", TextPredicates::isNumeric),
            question("isprintable", s -> s.codePoints().allMatch(Repr::isPrintable)),
            every("isspace", PyText::isSpace),
            question("istitle", TextPredicates::isTitle),
            question("isupper", TextPredicates::isUpper),
            entry("strip", (r, s, a) -> strip(s, a, true, true), "chars?"),
            entry("lstrip", (r, s, a) -> strip(s, a, true, false), "chars?"),
            entry("rstrip", (r, s, a) -> strip(s, a, false, true), "chars?"),
            entry("removeprefix", (r, s, a) -> removeAffix(s, a.text(0), false), "prefix"),
            entry("removesuffix", (r, s, a) -> removeAffix(s, a.text(0), true), "suffix"),
            entry("find", (r, s, a) -> TextSearch.find(r, s, a, false), "sub", "start?", "end?"),
            entry("rfind", (r, s, a) -> TextSearch.find(r, s, a, true), "sub", "start?", "end?"),
            entry("index", (r, s, a) -> TextSearch.index(r, s, a, false), "sub", "start?", "end?"),
            entry("rindex", (r, s, a) -> TextSearch.index(r, s, a, true), "sub", "start?", "end?"),
            entry("count", TextSearch::count, "sub", "start?", "end?"),
            entry("startswith", (r, s, a) -> TextSearch.affix(r, s, a, false), "prefix", "start?", "end?"),
            entry("endswith", (r, s, a) -> TextSearch.affix(r, s, a, true), "suffix", "start?", "end?"),
            entry("replace", TextMethods::replace, "old", "new", "count?"),
            entry("split", (r, s, a) -> split(r, s, a, false), "sep?", "maxsplit?"),
            entry("rsplit", (r, s, a) -> split(r, s, a, true), "sep?", "maxsplit?"),
            entry("splitlines", TextMethods::lines, "keepends?"),
            entry("partition", (r, s, a) -> TextSplit.partition(/* text= */ s, a.text(0), false, r.budget()), "sep"),
            entry("rpartition", (r, s, a) -> TextSplit.partition(/* text= */ s, a.text(0), true, r.budget()), "sep"),
            entry("join", TextMethods::join, "iterable"),
            entry("center", (r, s, a) -> center(r, s, a.whole(0, 0), fill(a)), "width", "fillchar?"),
            entry("ljust", (r, s, a) -> s + padding(r, s, a), "width", "fillchar?"),
            entry("rjust", (r, s, a) -> padding(r, s, a) + s, "width", "fillchar?"),
            entry("zfill", TextMethods::zeroFill, "width"),
            entry("expandtabs", TextMethods::expandTabs, "tabsize?"),
            Map.entry("format", TextMethods::format),
            entry("format_map", TextMethods::formatMap, "mapping"));

    private TextMethods() {}

    private static Map.Entry<String, ValueFunction> entry(
            String name, ValueFunction.Body<String> method, String... parameters) {
        return ValueFunction.method(
                String.class,
                name,
                (rendering, text, arguments) -> {
                    rendering.budget().text(text.length());
                    return method.apply(rendering, text, arguments);
                },
                parameters);
    }

    private static Object format(Rendering rendering, Object text, Arguments arguments) {
        rendering.budget().text(((String) text).length());
        return new BraceFormat(rendering, arguments).apply((String) text);
    }

    private static Object lines(Rendering rendering, String text, Bound arguments) {
        return new PyList(PyText.lines(text, arguments.flag(0, false), rendering.budget()));
    }

    private static Map.Entry<String, ValueFunction> change(String name, UnaryOperator<String> method) {
        return entry(name, (rendering, text, arguments) -> method.apply(text));
    }

    private static Map.Entry<String, ValueFunction> question(String name, Predicate<String> method) {
        return entry(name, (rendering, text, arguments) -> method.test(text));
    }

    /** Whether all characters pass; never of an empty text. */
    private static Map.Entry<String, ValueFunction> every(String name, IntPredicate passes) {
        return question(name, text -> !text.isEmpty() && text.codePoints().allMatch(passes));
    }

    private static Object strip(String text, Bound arguments, boolean atStart, boolean atEnd) {
        if (!arguments.isNone(0)) {
            return PyText.strip(text, arguments.text(0), atStart, atEnd);
        }
        String tail = atStart ? text.substring(PyText.skipSpace(text, 0)) : text;
        return atEnd ? PyText.stripEnd(tail) : tail;
    }

    private static Object removeAffix(String text, String affix, boolean atEnd) {
        if (atEnd) {
            return text.endsWith(affix) ? text.substring(0, text.length() - affix.length()) : text;
        }
        return text.startsWith(affix) ? text.substring(affix.length()) : text;
    }

    private static Object replace(Rendering rendering, String text, Bound arguments) {
        return TextSearch.replace(
                rendering.budget(), text, arguments.text(0), arguments.text(1), arguments.whole(2, -1));
    }

    private static Object split(Rendering rendering, String text, Bound arguments, boolean fromEnd) {
        long max = arguments.whole(1, -1);
        Budget budget = rendering.budget();
        List<Object> parts;
        if (arguments.isNone(0)) {
            parts = fromEnd ? TextSplit.onSpaceFromEnd(text, max, budget) : TextSplit.onSpace(text, max, budget);
        } else {
            String separator = arguments.text(0);
            if (separator.isEmpty()) {
                throw new EvaluationError("a separator must not be empty");
            }
            parts = fromEnd
                    ? TextSplit.onFromEnd(text, separator, max, budget)
                    : TextSplit.on(text, separator, max, budget);
        }
        return new PyList(parts);
    }

    private static Object join(Rendering rendering, String text, Bound arguments) {
        StringBuilder out = new StringBuilder();
        Iterator<Object> items = Iteration.over(arguments.at(0));
        boolean first = true;
        while (items.hasNext()) {
            rendering.budget().step();
            Object item = items.next();
            if (!(item instanceof String piece)) {
                throw new EvaluationError("join needs texts, got " + Types.name(item));
            }
            String glue = first ? "" : text;
            int added = glue.length() + piece.length();
            rendering.budget().output((long) out.length() + added, added);
            out.append(glue).append(piece);
            first = false;
        }
        return out.toString();
    }

    private static String fill(Bound arguments) {
        String fill = arguments.given(1) ? arguments.text(1) : " ";
        if (PyText.length(fill) != 1) {
            throw new EvaluationError("argument 'fillchar' must be one character, got " + Repr.brief(fill));
        }
        return fill;
    }

    private static String padding(Rendering rendering, String text, Bound arguments) {
        return PyText.pad(fill(arguments), arguments.whole(0, 0) - PyText.length(text), rendering.budget());
    }

    /** The text in the middle of the width; the odd space goes where Python puts it. */
    public static String center(Rendering rendering, String text, long width, String fill) {
        long room = width - PyText.length(text);
        if (room <= 0) {
            return text;
        }
        long left = room / 2 + (room & width & 1);
        String before = PyText.pad(fill, left, rendering.budget());
        return before + text + PyText.pad(fill, room - left, rendering.budget());
    }

    private static Object zeroFill(Rendering rendering, String text, Bound arguments) {
        String zeros = PyText.pad("0", arguments.whole(0, 0) - PyText.length(text), rendering.budget());
        boolean signed = text.startsWith("-") || text.startsWith("+");
        return signed ? text.charAt(0) + zeros + text.substring(1) : zeros + text;
    }

    private static Object expandTabs(Rendering rendering, String text, Bound arguments) {
        long size = arguments.whole(0, 8);
        StringBuilder out = new StringBuilder();
        long column = 0;
        for (int c : text.codePoints().toArray()) {
            if (c == '\t') {
                long spaces = size > 0 ? size - column % size : 0;
                out.append(PyText.pad(" ", spaces, rendering.budget()));
                rendering.budget().output(out.length(), 0);
                column += spaces;
            } else {
                out.appendCodePoint(c);
                column = c == '\n' || c == '\r' ? 0 : column + 1;
            }
        }
        return out.toString();
    }

    private static Object formatMap(Rendering rendering, String text, Bound arguments) {
        if (!(arguments.at(0) instanceof PyDict dict)) {
            throw new EvaluationError("format_map needs a dict, got " + Types.name(arguments.at(0)));
        }
        return new BraceFormat(rendering, dict).apply(text);
    }
}
