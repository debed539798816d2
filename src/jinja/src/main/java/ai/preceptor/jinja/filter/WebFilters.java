package ai.preceptor.jinja.filter;

import static ai.preceptor.jinja.builtin.ValueFunction.filter;

import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.builtin.TextSplit;
import ai.preceptor.jinja.builtin.ValueFunction;
import ai.preceptor.jinja.value.DictView;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Iteration;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PySequence;
import ai.preceptor.jinja.value.Types;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.StringJoiner;

/** Filters that write for HTML and addresses. */
final class WebFilters {
    private static final String UNRESERVED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~";

    private static final HexFormat HEXADECIMAL = HexFormat.of().withUpperCase();

    static final Map<String, ValueFunction> TABLE = Map.ofEntries(
            filter("escape", (r, v, a) -> escape(r, r.str(v))),
            filter("forceescape", (r, v, a) -> escape(r, r.str(v))),
            filter("urlencode", (r, v, a) -> urlEncode(r, v)),
            filter("striptags", (r, v, a) -> stripTags(r, r.str(v))));

    private WebFilters() {}

    private static String escape(Rendering rendering, String text) {
        String escaped = text.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
        rendering.budget().text(escaped.length());
        return escaped;
    }

    private static Object urlEncode(Rendering rendering, Object value) {
        if (value instanceof String || !Iteration.isIterable(value)) {
            return quote(rendering, value, UNRESERVED + "/");
        }
        Object pairs = value instanceof PyDict dict ? new DictView(dict, DictView.Part.ITEMS) : value;
        StringBuilder query = new StringBuilder();
        for (Object pair : Iteration.list(pairs, rendering.budget())) {
            if (!(pair instanceof PySequence parts) || parts.items().size() != 2) {
                throw new EvaluationError("urlencode needs a text, a dict or pairs, got " + Types.name(pair));
            }
            String name = quoteQuery(rendering, parts.items().get(0));
            String content = quoteQuery(rendering, parts.items().get(1));
            int added = name.length() + content.length() + 2;
            rendering.budget().output((long) query.length() + added, added);
            query.append(query.isEmpty() ? "" : "&").append(name).append('=').append(content);
        }
        return query.toString();
    }

    private static String quoteQuery(Rendering rendering, Object value) {
        return quote(rendering, value, UNRESERVED).replace("%20", "+");
    }

    private static String quote(Rendering rendering, Object value, String kept) {
        String text = rendering.str(value);
        rendering.budget().text(text.length());
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= 0 && kept.indexOf(b) >= 0) {
                out.append((char) b);
            } else {
                out.append('%').append(HEXADECIMAL.toHexDigits(b));
            }
        }
        rendering.budget().text(out.length());
        return out.toString();
    }

    /** Drops comments and tags and joins what is left word by word. */
    private static String stripTags(Rendering rendering, String text) {
        String plain = drop(drop(text, "<!--", "-->"), "<", ">");
        StringJoiner words = new StringJoiner(" ");
        for (Object word : TextSplit.onSpace(plain, -1, rendering.budget())) {
            words.add((String) word);
        }
        return words.toString()
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }

    private static String drop(String text, String open, String close) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (true) {
            int start = text.indexOf(open, from);
            int end = start < 0 ? -1 : text.indexOf(close, start);
            if (end < 0) {
                return out.append(text.substring(from)).toString();
            }
            out.append(text, from, start);
            from = end + close.length();
        }
    }
}
