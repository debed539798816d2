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
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Filters that write for HTML and addresses. */
final class WebFilters {
    private static final String UNRESERVED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~";

    static final Map<String, ValueFunction> TABLE = Map.ofEntries(
            filter("escape", (r, v, a) -> escape(r.str(v))),
            filter("forceescape", (r, v, a) -> escape(r.str(v))),
            filter("urlencode", (r, v, a) -> urlEncode(r, v)),
            filter("striptags", (r, v, a) -> stripTags(r, r.str(v))));

    private WebFilters() {}

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    private static Object urlEncode(Rendering rendering, Object value) {
        if (value instanceof String || !Iteration.isIterable(value)) {
            return quote(rendering.str(value), UNRESERVED + "/");
        }
        Object pairs = value instanceof PyDict dict ? new DictView(dict, DictView.Part.ITEMS) : value;
        StringJoiner query = new StringJoiner("&");
        for (Object pair : Iteration.list(pairs, rendering.budget())) {
            if (!(pair instanceof PySequence parts) || parts.items().size() != 2) {
                throw new EvaluationError("urlencode needs a text, a dict or pairs, got " + Types.name(pair));
            }
            query.add(quoteQuery(rendering.str(parts.items().get(0))) + "="
                    + quoteQuery(rendering.str(parts.items().get(1))));
        }
        return query.toString();
    }

    private static String quoteQuery(String text) {
        return quote(text, UNRESERVED).replace("%20", "+");
    }

    private static String quote(String text, String kept) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= 0 && kept.indexOf(b) >= 0) {
                out.append((char) b);
            } else {
                out.append(String.format("%%%02X", b & 0xff));
            }
        }
        return out.toString();
    }

    /** Drops comments and tags and joins what is left word by word. */
    private static String stripTags(Rendering rendering, String text) {
        String plain = drop(drop(text, "<!--", "-->"), "<", ">");
        StringJoiner words = new StringJoiner(" ");
        List<Object> parts = TextSplit.onSpace(plain, -1);
        rendering.budget().elements(parts.size());
        for (Object word : parts) {
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
