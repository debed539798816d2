package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.FloatText;
import ai.preceptor.jinja.value.Limits;
import ai.preceptor.jinja.value.Numbers;
import ai.preceptor.jinja.value.PyDict;
import ai.preceptor.jinja.value.PySequence;
import ai.preceptor.jinja.value.PyText;
import ai.preceptor.jinja.value.PyTuple;
import ai.preceptor.jinja.value.Repr;
import ai.preceptor.jinja.value.Types;
import ai.preceptor.jinja.value.Undefined;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's {@code text % values}. */
public final class PercentFormat {
    private static final Pattern FIELD = Pattern.compile(
            "%(?:\\(([^)]*)\\))?([-+ #0]*)(\\*|\\d{1,7})?(?:\\.(\\*|\\d{0,7}))?[hlL]?(.)", Pattern.DOTALL);

    /** What a field costs beside its text, in chars. */
    private static final int COST = 64;

    private final Rendering rendering;
    private final String pattern;
    private final Object values;
    private int used;

    /**
     * @param values a tuple of values, a dict for named fields, or a single value
     */
    public PercentFormat(Rendering rendering, String pattern, Object values) {
        this.rendering = rendering;
        this.pattern = pattern;
        this.values = values;
    }

    /** @throws EvaluationError if a field has no value, a value no field, or the two do not fit */
    public String apply() {
        rendering.budget().text(pattern.length());
        StringBuilder out = new StringBuilder();
        Matcher field = FIELD.matcher(pattern);
        int pos = 0;
        for (int at = pattern.indexOf('%'); at >= 0; at = pattern.indexOf('%', pos)) {
            out.append(pattern, pos, at);
            if (!field.region(at, pattern.length()).lookingAt()) {
                throw new EvaluationError("an incomplete field in a format");
            }
            String written = write(field);
            out.append(written);
            rendering.budget().output(out.length(), COST + written.length());
            pos = field.end();
        }
        // Whatever takes a key in brackets counts as a dict, whose values need not all be used.
        boolean keyed = values instanceof PyDict || values instanceof PySequence || values instanceof Undefined;
        boolean all = values instanceof PyTuple tuple ? used == tuple.items().size() : used > 0 || keyed;
        if (!all) {
            throw new EvaluationError("not all values of a format were used");
        }
        return out.append(pattern.substring(pos)).toString();
    }

    private String write(Matcher field) {
        char type = field.group(5).charAt(0);
        if (type == '%') {
            return "%";
        }
        String flags = field.group(2);
        String width = field.group(3);
        long least = width == null ? 0 : width.equals("*") ? star() : Long.parseLong(width);
        String digits = field.group(4);
        long precision = digits == null
                ? -1
                : digits.isEmpty() ? 0 : digits.equals("*") ? Math.max(0, star()) : Long.parseLong(digits);
        if (Math.abs(least) > Limits.RANGE || precision > Limits.RANGE) {
            throw new EvaluationError("a format field wider than " + Limits.RANGE);
        }
        boolean left = flags.contains("-") || least < 0;
        boolean zero = flags.contains("0") && !left && "diouxXeEfFgG".indexOf(type) >= 0;
        String sign = flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
        FormatSpec spec = new FormatSpec(
                zero ? "0" : " ",
                left ? "<" : zero ? "=" : ">",
                sign,
                flags.contains("#"),
                (int) Math.abs(least),
                "",
                (int) precision,
                type == 'i' || type == 'u' ? 'd' : type);
        return convert(value(field.group(1)), spec);
    }

    private Object value(@Nullable String name) {
        if (name != null) {
            if (!(values instanceof PyDict dict)) {
                throw new EvaluationError("a format with names needs a dict, got " + Types.name(values));
            }
            Object value = dict.get(name, rendering.budget());
            if (value == null) {
                throw new EvaluationError("the format needs '" + name + "'");
            }
            return value;
        }
        return next();
    }

    private Object next() {
        List<Object> items = values instanceof PyTuple tuple ? tuple.items() : List.of(values);
        if (used >= items.size()) {
            throw new EvaluationError("a format with more fields than values, of which there are " + items.size());
        }
        return items.get(used++);
    }

    private long star() {
        return Numbers.index(next(), "a width or precision of a format");
    }

    private String convert(Object value, FormatSpec spec) {
        return switch (spec.type()) {
            case 's' -> text(rendering.str(value), spec);
            case 'r' -> text(Repr.of(value, rendering.budget()), spec);
            case 'a' -> text(BraceFormat.ascii(Repr.of(value, rendering.budget())), spec);
            case 'c' -> spec.pad(character(value), 0, ">", rendering.budget());
            case 'd' -> whole(number(value, true), spec);
            case 'o', 'x', 'X' -> whole(number(value, false), spec);
            case 'e', 'E', 'f', 'F', 'g', 'G' ->
                new NumberFormat(spec, rendering.budget()).real(Numbers.real(number(value, true)));
            default -> throw new EvaluationError("a format field that Python does not know: '" + spec.type() + "'");
        };
    }

    private String text(String text, FormatSpec spec) {
        return spec.pad(spec.cut(text, rendering.budget()), 0, ">", rendering.budget());
    }

    private static String character(Object value) {
        if (value instanceof String s && PyText.length(s) == 1) {
            return s;
        }
        long point = Numbers.index(value, "the value of a 'c' field");
        if (point < 0 || point > Character.MAX_CODE_POINT) {
            throw new EvaluationError("format 'c' needs a code point, got " + point);
        }
        return Character.toString((int) point);
    }

    private static Object number(Object value, boolean realToo) {
        Undefined.requireDefined(value);
        boolean fits = realToo ? Types.isNumber(value) : Numbers.isIndex(value);
        if (!fits) {
            throw new EvaluationError("a number field of a format got " + Types.name(value));
        }
        return value;
    }

    private String whole(Object value, FormatSpec spec) {
        if (value instanceof Double d && (d.isNaN() || d.isInfinite())) {
            throw new EvaluationError("a whole-number field of a format got " + FloatText.of(d));
        }
        Object whole = value instanceof Double d ? Numbers.whole(new BigDecimal(d).toBigInteger()) : value;
        return new NumberFormat(spec, rendering.budget()).whole(Numbers.big(whole));
    }
}
