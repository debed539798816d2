package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Numbers;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.Repr;
import ai.preceptor.jinja.value.Types;
import org.jspecify.annotations.Nullable;

/** Python's {@code str.format}, where fields see values under the same rules as the template itself. */
final class BraceFormat {
    private static final int NESTING = 2;

    private final Rendering rendering;
    private final Arguments arguments;
    private final @Nullable PyDict mapping;
    private int automatic;
    private boolean numbered;

    BraceFormat(Rendering rendering, Arguments arguments) {
        this.rendering = rendering;
        this.arguments = arguments;
        this.mapping = null;
    }

    BraceFormat(Rendering rendering, PyDict mapping) {
        this.rendering = rendering;
        this.arguments = Arguments.NONE;
        this.mapping = mapping;
    }

    String apply(String pattern) {
        return apply(pattern, NESTING);
    }

    private String apply(String pattern, int nesting) {
        if (nesting == 0) {
            throw new EvaluationError("format fields nest too deep");
        }
        StringBuilder out = new StringBuilder();
        int pos = 0;
        while (pos < pattern.length()) {
            char c = pattern.charAt(pos++);
            boolean doubled = pos < pattern.length() && pattern.charAt(pos) == c;
            if ((c == '{' || c == '}') && doubled && (c == '{' || nesting == NESTING)) {
                out.append(c);
                pos++;
            } else if (c == '{') {
                int end = fieldEnd(pattern, pos);
                String written = field(pattern.substring(pos, end), nesting);
                rendering.budget().step();
                rendering.budget().text(written.length());
                out.append(written);
                pos = end + 1;
            } else if (c == '}') {
                throw new EvaluationError("a single '}' in a format");
            } else {
                out.append(c);
            }
            rendering.budget().output(out.length(), 1);
        }
        return out.toString();
    }

    private static int fieldEnd(String pattern, int from) {
        int depth = 1;
        for (int i = from; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new EvaluationError("a '{' in a format is not closed");
    }

    private String field(String source, int nesting) {
        int colon = source.indexOf(':');
        String head = colon < 0 ? source : source.substring(0, colon);
        String spec = colon < 0 ? "" : apply(source.substring(colon + 1), nesting - 1);
        int bang = head.indexOf('!');
        String conversion = bang < 0 ? "" : head.substring(bang + 1);
        Object value = lookUp(bang < 0 ? head : head.substring(0, bang));
        value = switch (conversion) {
            case "" -> value;
            case "s" -> rendering.str(value);
            case "r" -> Repr.of(value, rendering.budget());
            case "a" -> ascii(Repr.of(value, rendering.budget()));
            default -> throw new EvaluationError("a format conversion that Python does not know: " + conversion);
        };
        return format(value, spec);
    }

    /** Escapes what is not ASCII. */
    static String ascii(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c < 0x80) {
                out.append((char) c);
            } else {
                Repr.escape(c, out);
            }
        });
        return out.toString();
    }

    private Object lookUp(String path) {
        int end = 0;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        Object value = first(path.substring(0, end));
        while (end < path.length()) {
            boolean element = path.charAt(end) == '[';
            int start = end + 1;
            int stop = element ? path.indexOf(']', start) : start;
            while (!element && stop < path.length() && path.charAt(stop) != '.' && path.charAt(stop) != '[') {
                stop++;
            }
            if (stop <= start) {
                throw new EvaluationError("a format field that cannot be read: " + Repr.brief(path));
            }
            String name = path.substring(start, stop);
            value = element
                    ? Access.element(value, Access.key(name), rendering.budget())
                    : Access.attribute(value, name, rendering.budget());
            end = element ? stop + 1 : stop;
        }
        return value;
    }

    private Object first(String name) {
        if (mapping != null || !(name.isEmpty() || Access.key(name) instanceof Long)) {
            Object value = mapping != null
                    ? mapping.get(name, rendering.budget())
                    : arguments.keywords().get(name);
            if (value == null) {
                throw new EvaluationError("the format needs '" + name + "'");
            }
            return value;
        }
        if (name.isEmpty() ? numbered : automatic > 0) {
            throw new EvaluationError("a format cannot mix numbered and unnumbered fields");
        }
        numbered = !name.isEmpty();
        int at = name.isEmpty() ? automatic++ : Integer.parseInt(name);
        if (at >= arguments.positional().size()) {
            throw new EvaluationError("the format needs at least " + (at + 1) + " argument(s), got "
                    + arguments.positional().size());
        }
        return arguments.positional().get(at);
    }

    private String format(Object value, String specification) {
        if (specification.isEmpty()) {
            return rendering.str(value);
        }
        FormatSpec spec = FormatSpec.parse(specification);
        if (value instanceof String text) {
            return text(text, spec);
        }
        if (!Types.isNumber(value)) {
            throw new EvaluationError("a '" + Types.name(value) + "' takes no format specification");
        }
        boolean real = value instanceof Double || "eEfFgG%".indexOf(spec.type()) >= 0;
        if (!real && spec.precision() >= 0) {
            throw new EvaluationError("a whole number takes no precision in its format");
        }
        NumberFormat format = new NumberFormat(spec, rendering.budget());
        return real ? format.real(Numbers.real(value)) : format.whole(Numbers.big(value));
    }

    private String text(String text, FormatSpec spec) {
        boolean fits = (spec.type() == 's' || spec.type() == ' ')
                && spec.sign().isEmpty()
                && !spec.alternate()
                && spec.grouping().isEmpty()
                && !spec.align().equals("=");
        if (!fits) {
            throw new EvaluationError("a format specification that does not fit a str");
        }
        return spec.pad(spec.cut(text, rendering.budget()), 0, "<", rendering.budget());
    }
}
