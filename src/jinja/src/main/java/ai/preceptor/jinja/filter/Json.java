package ai.preceptor.jinja.filter;

import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.FloatText;
import ai.preceptor.jinja.value.None;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PyList;
import ai.preceptor.jinja.value.PyTuple;
import ai.preceptor.jinja.value.Repr;
import ai.preceptor.jinja.value.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values as JSON, byte for byte as Python's {@code json.dumps} writes them. */
final class Json {
    /**
     * The arguments of {@code json.dumps}.
     *
     * @param ascii whether characters above ASCII are escaped
     * @param indent what one level is indented by, or null for one line
     * @param itemSeparator between elements
     * @param keySeparator between key and value
     * @param sortKeys whether keys are in order
     */
    record Style(boolean ascii, @Nullable String indent, String itemSeparator, String keySeparator, boolean sortKeys) {}

    private final Style style;
    private final Rendering rendering;
    private final StringBuilder out = new StringBuilder();

    private Json(Style style, Rendering rendering) {
        this.style = style;
        this.rendering = rendering;
    }

    /** @throws EvaluationError on a value or key that JSON has no form for */
    static String of(Object value, Style style, Rendering rendering) {
        Json json = new Json(style, rendering);
        json.write(value, 0);
        rendering.budget().text(json.out.length());
        return json.out.toString();
    }

    private void write(Object value, int level) {
        rendering.budget().depth(level);
        rendering.budget().step();
        rendering.budget().output(out.length(), 0);
        if (value instanceof String s) {
            quote(s);
        } else if (value instanceof PyDict dict) {
            object(dict, level);
        } else if (value instanceof PyList list) {
            array(list.items(), level);
        } else if (value instanceof PyTuple tuple) {
            array(tuple.items(), level);
        } else {
            rendering.budget().digits(value);
            String scalar = scalar(value);
            if (scalar == null) {
                throw new EvaluationError("a '" + Types.name(value) + "' has no form in JSON");
            }
            out.append(scalar);
        }
    }

    private static @Nullable String scalar(Object value) {
        if (value instanceof None) {
            return "null";
        }
        if (value instanceof Double d) {
            return d.isNaN() ? "NaN" : d.isInfinite() ? (d > 0 ? "Infinity" : "-Infinity") : FloatText.of(d);
        }
        return value instanceof Boolean || Types.isWhole(value) ? value.toString() : null;
    }

    private void array(List<Object> items, int level) {
        if (items.isEmpty()) {
            out.append("[]");
            return;
        }
        out.append('[');
        boolean first = true;
        for (Object item : items) {
            beforeItem(first, level + 1);
            write(item, level + 1);
            first = false;
        }
        newLine(level);
        out.append(']');
    }

    private void object(PyDict dict, int level) {
        if (dict.length() == 0) {
            out.append("{}");
            return;
        }
        out.append('{');
        boolean first = true;
        for (PyDict.Entry e : ordered(dict)) {
            beforeItem(first, level + 1);
            quote(keyText(e.key()));
            out.append(style.keySeparator());
            write(e.value(), level + 1);
            first = false;
        }
        newLine(level);
        out.append('}');
    }

    private Collection<PyDict.Entry> ordered(PyDict dict) {
        if (!style.sortKeys()) {
            return dict.entries();
        }
        List<PyDict.Entry> entries = new ArrayList<>(dict.entries());
        entries.sort((a, b) -> rendering.comparison().order(a.key(), b.key()));
        return entries;
    }

    private static String keyText(Object key) {
        String scalar = key instanceof String s ? s : scalar(key);
        if (scalar == null) {
            throw new EvaluationError("a '" + Types.name(key) + "' cannot be a key in JSON");
        }
        return scalar;
    }

    private void beforeItem(boolean first, int level) {
        if (!first) {
            out.append(style.itemSeparator());
        }
        newLine(level);
    }

    private void newLine(int level) {
        if (style.indent() != null) {
            out.append('\n').append(style.indent().repeat(level));
        }
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || (style.ascii() && c > '~')) {
                        out.append("\\u");
                        Repr.hexadecimal(c, 4, out);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
