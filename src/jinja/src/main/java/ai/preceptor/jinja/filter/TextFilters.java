package ai.preceptor.jinja.filter;

import static ai.preceptor.jinja.builtin.ValueFunction.filter;

import ai.preceptor.jinja.builtin.Arguments;
import ai.preceptor.jinja.builtin.Bound;
import ai.preceptor.jinja.builtin.PercentFormat;
import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.builtin.TextMethods;
import ai.preceptor.jinja.builtin.TextPredicates;
import ai.preceptor.jinja.builtin.TextSearch;
import ai.preceptor.jinja.builtin.ValueFunction;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Iteration;
import ai.preceptor.jinja.value.Numbers;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PyText;
import ai.preceptor.jinja.value.PyTuple;
import ai.preceptor.jinja.value.Types;
import ai.preceptor.jinja.value.Undefined;
import java.util.List;
import java.util.Map;

/** Filters that give texts. */
final class TextFilters {
    private static final String TITLE_BREAKS = "-({[<";
    private static final int TRUNCATE_LEEWAY = 5;

    static final Map<String, ValueFunction> TABLE = Map.ofEntries(
            filter("string", (r, v, a) -> r.str(v)),
            filter("safe", (r, v, a) -> r.str(v)),
            filter("upper", (r, v, a) -> PyText.upper(r.str(v))),
            filter("lower", (r, v, a) -> PyText.lower(r.str(v))),
            filter("capitalize", (r, v, a) -> PyText.capitalize(r.str(v))),
            filter("title", (r, v, a) -> title(r.str(v))),
            filter("trim", TextFilters::trim, "chars?"),
            filter("replace", TextFilters::replace, "old", "new", "count?"),
            filter("center", TextFilters::center, "width?"),
            filter("indent", TextFilters::indent, "width?", "first?", "blank?"),
            filter("truncate", TextFilters::truncate, "length?", "killwords?", "end?", "leeway?"),
            filter("wordcount", (r, v, a) -> wordCount(r.str(v))),
            filter("tojson", TextFilters::toJson, "ensure_ascii?", "indent?", "separators?", "sort_keys?"),
            Map.entry("format", TextFilters::format));

    private TextFilters() {}

    private static Object trim(Rendering rendering, Object value, Bound arguments) {
        String text = rendering.str(value);
        return arguments.isNone(0) ? PyText.strip(text) : PyText.strip(text, arguments.text(0), true, true);
    }

    private static Object replace(Rendering rendering, Object value, Bound arguments) {
        long count = arguments.isNone(2) ? -1 : arguments.whole(2, -1);
        return TextSearch.replace(
                rendering.budget(),
                rendering.str(value),
                rendering.str(arguments.at(0)),
                rendering.str(arguments.at(1)),
                count);
    }

    private static Object center(Rendering rendering, Object value, Bound arguments) {
        return TextMethods.center(rendering, rendering.str(value), arguments.whole(0, 80), " ");
    }

    /** Words start after white space, hyphens and opening brackets, as in Jinja's own rule. */
    private static String title(String text) {
        StringBuilder out = new StringBuilder();
        int start = 0;
        while (start < text.length()) {
            boolean breaks = isTitleBreak(text.charAt(start));
            int end = start;
            while (end < text.length() && isTitleBreak(text.charAt(end)) == breaks) {
                end++;
            }
            int first = text.offsetByCodePoints(start, 1);
            out.append(PyText.upper(text.substring(start, first))).append(PyText.lower(text.substring(first, end)));
            start = end;
        }
        return out.toString();
    }

    private static boolean isTitleBreak(char c) {
        return PyText.isSpace(c) || TITLE_BREAKS.indexOf(c) >= 0;
    }

    private static Object indent(Rendering rendering, Object value, Bound arguments) {
        Object width = arguments.at(0, 4L);
        String indent = width instanceof String s
                ? s
                : PyText.pad(" ", Numbers.index(width, "the width of indent"), rendering.budget());
        boolean blank = arguments.flag(2, false);
        if (!(value instanceof String text)) {
            Undefined.requireDefined(value);
            throw new EvaluationError("indent needs a str, got " + Types.name(value));
        }
        List<Object> lines = PyText.lines(text + "\n", false, rendering.budget());
        rendering.budget().text(text.length() + (long) lines.size() * indent.length());
        StringBuilder out = new StringBuilder(arguments.flag(1, false) ? indent : "");
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            out.append(i == 0 ? "" : "\n")
                    .append(i > 0 && (blank || !line.isEmpty()) ? indent : "")
                    .append(line);
        }
        return out.toString();
    }

    private static Object truncate(Rendering rendering, Object value, Bound arguments) {
        long length = arguments.whole(0, 255);
        String end = arguments.given(2) ? arguments.text(2) : "...";
        long leeway = arguments.isNone(3) ? TRUNCATE_LEEWAY : arguments.whole(3, TRUNCATE_LEEWAY);
        if (length < PyText.length(end) || leeway < 0) {
            throw new EvaluationError("truncate needs a length of at least " + PyText.length(end)
                    + " and a leeway of at least 0, got " + length + " and " + leeway);
        }
        if (SequenceFilters.length(value) - leeway <= length) {
            return value;
        }
        if (!(value instanceof String text)) {
            throw new EvaluationError("truncate needs a str, got " + Types.name(value));
        }
        String cut = PyText.slice(text, 0, (int) length - PyText.length(end));
        int space = arguments.flag(1, false) ? -1 : cut.lastIndexOf(' ');
        return (space < 0 ? cut : cut.substring(0, space)) + end;
    }

    private static Object wordCount(String text) {
        long count = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int c = text.codePointAt(i);
            boolean word = TextPredicates.isAlphanumeric(c) || c == '_';
            count += word && !inside ? 1 : 0;
            inside = word;
        }
        return count;
    }

    private static Object toJson(Rendering rendering, Object value, Bound arguments) {
        String indent = null;
        if (!arguments.isNone(1)) {
            indent = arguments.at(1) instanceof String s
                    ? s
                    : PyText.pad(" ", arguments.whole(1, 0), rendering.budget());
        }
        String item = indent == null ? ", " : ",";
        String key = ": ";
        if (!arguments.isNone(2)) {
            List<Object> separators = Iteration.list(arguments.at(2), rendering.budget());
            if (separators.size() != 2
                    || !(separators.get(0) instanceof String first)
                    || !(separators.get(1) instanceof String second)) {
                throw new EvaluationError("argument 'separators' of tojson must be two texts");
            }
            item = first;
            key = second;
        }
        Json.Style style = new Json.Style(arguments.flag(0, false), indent, item, key, arguments.flag(3, false));
        return Json.of(value, style, rendering);
    }

    private static Object format(Rendering rendering, Object value, Arguments arguments) {
        boolean named = !arguments.keywords().isEmpty();
        if (named && !arguments.positional().isEmpty()) {
            throw new EvaluationError("format takes arguments by position or by name, not both");
        }
        Object filling =
                named ? PyDict.of(arguments.keywords(), rendering.budget()) : new PyTuple(arguments.positional());
        return new PercentFormat(rendering, rendering.str(value), filling).apply();
    }
}
