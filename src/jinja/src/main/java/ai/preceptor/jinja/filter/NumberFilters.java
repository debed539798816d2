package ai.preceptor.jinja.filter;

import static ai.preceptor.jinja.builtin.ValueFunction.filter;

import ai.preceptor.jinja.builtin.Bound;
import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.builtin.ValueFunction;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.FloatText;
import ai.preceptor.jinja.value.Numbers;
import ai.preceptor.jinja.value.PyText;
import ai.preceptor.jinja.value.Repr;
import ai.preceptor.jinja.value.Types;
import ai.preceptor.jinja.value.Undefined;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters that give numbers, and one that writes sizes. */
final class NumberFilters {
    private static final Pattern REAL =
            Pattern.compile("[+-]?(\\d+(_\\d+)*\\.?(\\d+(_\\d+)*)?|\\.\\d+(_\\d+)*)([eE][+-]?\\d+(_\\d+)*)?");
    private static final Pattern SPECIAL = Pattern.compile("[+-]?(inf|infinity|nan)");
    private static final int MAX_DIGITS = 2400;

    static final Map<String, ValueFunction> TABLE = Map.ofEntries(
            filter("abs", (r, v, a) -> abs(v)),
            filter("int", NumberFilters::toInt, "default?", "base?"),
            filter("float", NumberFilters::toFloat, "default?"),
            filter("round", NumberFilters::round, "precision?", "method?"),
            filter("filesizeformat", NumberFilters::fileSize, "binary?"));

    /** Chars of a text that is read as a number: Python's own limit on digits. */
    private static final int LONGEST_NUMBER = 4300;

    private NumberFilters() {}

    private static Object abs(Object value) {
        if (value instanceof Double d) {
            return Math.abs(d);
        }
        if (!Types.isNumber(value)) {
            throw new EvaluationError("abs needs a number, got " + Types.name(value));
        }
        return Numbers.whole(Numbers.big(value).abs());
    }

    private static Object toInt(Rendering rendering, Object value, Bound arguments) {
        Object fallback = arguments.at(0, 0L);
        Undefined.requireDefined(value);
        if (Numbers.isIndex(value)) {
            return Numbers.whole(Numbers.big(value));
        }
        if (value instanceof Double d) {
            if (d.isInfinite()) {
                throw new EvaluationError("int cannot take an infinite float");
            }
            return d.isNaN() ? fallback : truncated(d);
        }
        if (value instanceof String text) {
            if (text.length() > LONGEST_NUMBER) {
                throw new EvaluationError(
                        "a number of " + text.length() + " chars; at most " + LONGEST_NUMBER + " are allowed");
            }
            rendering.budget().spend((long) text.length() * text.length() / 4096); // digits are not read in linear time
            Object whole = parseWhole(PyText.strip(text), arguments.whole(1, 10));
            Double real = whole == null ? parseReal(text) : null;
            if (whole != null) {
                return whole;
            }
            return real == null || real.isNaN() || real.isInfinite() ? fallback : truncated(real);
        }
        return fallback;
    }

    private static Object truncated(double value) {
        return Numbers.whole(new BigDecimal(value).toBigInteger());
    }

    private static @Nullable Object parseWhole(String text, long base) {
        if ((base != 0 && (base < 2 || base > 36)) || text.length() > MAX_DIGITS) {
            return null;
        }
        boolean negative = text.startsWith("-");
        String digits = (negative || text.startsWith("+") ? text.substring(1) : text).toLowerCase(Locale.ROOT);
        int radix = (int) base;
        for (Map.Entry<String, Integer> prefix :
                Map.of("0x", 16, "0o", 8, "0b", 2).entrySet()) {
            if (digits.startsWith(prefix.getKey()) && (base == 0 || base == prefix.getValue())) {
                digits = digits.substring(digits.startsWith("_", 2) ? 3 : 2);
                radix = prefix.getValue();
                break;
            }
        }
        if (radix == 0) {
            if (digits.matches("0[0_]*[1-9].*")) {
                return null;
            }
            radix = 10;
        }
        if (digits.isEmpty() || digits.startsWith("_") || digits.endsWith("_") || digits.contains("__")) {
            return null;
        }
        String plain = digits.replace("_", "");
        int finalRadix = radix;
        if (!plain.chars().allMatch(c -> Character.digit(c, finalRadix) >= 0)) {
            return null;
        }
        BigInteger value = new BigInteger(plain, radix);
        return Numbers.whole(negative ? value.negate() : value);
    }

    /** A text as Python's {@code float()} reads it, or null. */
    private static @Nullable Double parseReal(String text) {
        String trimmed = PyText.strip(text).toLowerCase(Locale.ROOT);
        if (SPECIAL.matcher(trimmed).matches()) {
            double size = trimmed.endsWith("nan") ? Double.NaN : Double.POSITIVE_INFINITY;
            return trimmed.startsWith("-") ? -size : size;
        }
        if (trimmed.length() > MAX_DIGITS || !REAL.matcher(trimmed).matches()) {
            return null;
        }
        return Double.valueOf(trimmed.replace("_", ""));
    }

    private static Object toFloat(Rendering rendering, Object value, Bound arguments) {
        Undefined.requireDefined(value);
        if (Types.isNumber(value)) {
            return Numbers.real(value);
        }
        Double real = value instanceof String text ? parseReal(text) : null;
        return real == null ? arguments.at(0, 0.0) : real;
    }

    private static Object round(Rendering rendering, Object value, Bound arguments) {
        long precision = arguments.whole(0, 0);
        String method = arguments.given(1) ? rendering.str(arguments.at(1)) : "common";
        if (!Types.isNumber(value)) {
            throw new EvaluationError("round needs a number, got " + Types.name(value));
        }
        if (Math.abs(precision) > 400) {
            throw new EvaluationError("round needs a precision within 400, got " + precision);
        }
        return switch (method) {
            case "common" -> common(rendering, value, (int) precision);
            case "ceil", "floor" -> towards(Numbers.real(value), Math.pow(10, (double) precision), method);
            default -> throw new EvaluationError("round knows common, ceil and floor, got " + Repr.brief(method));
        };
    }

    private static Object towards(double value, double scale, String method) {
        double scaled = value * scale;
        if (Double.isNaN(scaled) || Double.isInfinite(scaled)) {
            throw new EvaluationError("round cannot take " + FloatText.of(scaled) + " to a whole number");
        }
        double whole = method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled);
        // Python goes through an int here, which has no negative zero.
        return (whole == 0 ? 0.0 : whole) / scale;
    }

    private static Object common(Rendering rendering, Object value, int precision) {
        rendering.budget().digits(value);
        if (value instanceof Double d) {
            if (d.isNaN() || d.isInfinite()) {
                return d;
            }
            double rounded = new BigDecimal(d)
                    .setScale(precision, RoundingMode.HALF_EVEN)
                    .doubleValue();
            return Math.copySign(rounded, d);
        }
        BigDecimal exact = new BigDecimal(Numbers.big(value));
        return Numbers.whole(
                precision >= 0
                        ? exact.toBigInteger()
                        : exact.setScale(precision, RoundingMode.HALF_EVEN).toBigInteger());
    }

    private static Object fileSize(Rendering rendering, Object value, Bound arguments) {
        boolean binary = arguments.flag(0, false);
        Double parsed = value instanceof String s ? parseReal(s) : Types.isNumber(value) ? Numbers.real(value) : null;
        if (parsed == null) {
            throw new EvaluationError("filesizeformat needs a number, got " + Repr.brief(value));
        }
        double bytes = parsed;
        int base = binary ? 1024 : 1000;
        if (bytes == 1) {
            return "1 Byte";
        }
        if (bytes < base) {
            return (long) bytes + " Bytes";
        }
        String letters = binary ? "KMGTPEZY" : "kMGTPEZY";
        int i = 0;
        double unit = Math.pow(base, 2);
        while (i < letters.length() - 1 && bytes >= unit) {
            unit *= base;
            i++;
        }
        BigDecimal shown = new BigDecimal(base * bytes / unit).setScale(1, RoundingMode.HALF_EVEN);
        return shown + " " + letters.charAt(i) + (binary ? "iB" : "B");
    }
}
