package ai.preceptor.lm.chat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers under a {@link FormatSpec}. */
final class NumberFormat {
    private static final int DEFAULT_PRECISION = 6;
    private static final int MAX_PRECISION = 1000;

    private final FormatSpec spec;
    private final Budget budget;

    NumberFormat(FormatSpec spec, Budget budget) {
        this.spec = spec;
        this.budget = budget;
        if (spec.precision() > MAX_PRECISION) {
            throw new EvaluationError(
                    "a precision of " + spec.precision() + "; at most " + MAX_PRECISION + " is allowed");
        }
    }

    /** An int or bool. */
    String whole(BigInteger value) {
        String digits = switch (spec.type()) {
            case 'b' -> value.abs().toString(2);
            case 'o' -> value.abs().toString(8);
            case 'x' -> value.abs().toString(16);
            case 'X' -> value.abs().toString(16).toUpperCase(Locale.ROOT);
            case 'd', 'n', ' ' -> value.abs().toString();
            case 'c' -> character(value);
            default -> throw new EvaluationError("format '" + spec.type() + "' does not take a whole number");
        };
        if (spec.type() == 'c') {
            return spec.pad(digits, 0, "<", budget);
        }
        String prefix = spec.alternate() && "boxX".indexOf(spec.type()) >= 0 ? "0" + spec.type() : "";
        boolean decimal = spec.type() == 'd' || spec.type() == 'n' || spec.type() == ' ';
        return finish(value.signum() < 0, prefix, group(digits, decimal ? 3 : 4), "");
    }

    private static String character(BigInteger value) {
        if (value.signum() < 0 || value.compareTo(BigInteger.valueOf(Character.MAX_CODE_POINT)) > 0) {
            throw new EvaluationError("format 'c' needs a code point, got " + value);
        }
        return Character.toString(value.intValue());
    }

    /** A float. */
    String real(double value) {
        boolean negative = value < 0 || (value == 0 && 1 / value < 0);
        char type = spec.type();
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            String word = FloatText.special(Math.abs(value)) + (type == '%' ? "%" : "");
            return finish(negative, "", Character.isUpperCase(type) ? word.toUpperCase(Locale.ROOT) : word, "");
        }
        BigDecimal exact = new BigDecimal(Math.abs(value));
        int precision = spec.precision() < 0 ? DEFAULT_PRECISION : spec.precision();
        String text = switch (type) {
            case 'f', 'F' -> fixed(exact, precision);
            case '%' -> fixed(exact.movePointRight(2), precision) + "%";
            case 'e', 'E' -> scientific(exact, precision);
            case 'g', 'G', 'n' -> general(exact, precision, false);
            case ' ' -> spec.precision() < 0 ? FloatText.of(Math.abs(value)) : general(exact, precision, true);
            default -> throw new EvaluationError("format '" + type + "' does not take a float");
        };
        String cased = Character.isUpperCase(type) ? text.toUpperCase(Locale.ROOT) : text;
        int end = 0;
        while (end < cased.length() && Character.isDigit(cased.charAt(end))) {
            end++;
        }
        return finish(negative, "", group(cased.substring(0, end), 3), cased.substring(end));
    }

    private String fixed(BigDecimal value, int precision) {
        String text = value.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
        return precision == 0 && spec.alternate() ? text + "." : text;
    }

    private String scientific(BigDecimal value, int precision) {
        BigDecimal rounded = value.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
        int exponent = value.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        String mantissa = fixed(rounded.movePointLeft(exponent), precision);
        return mantissa + "e" + FloatText.exponentText(exponent);
    }

    private String general(BigDecimal value, int precision, boolean keepPoint) {
        int digits = Math.max(1, precision);
        BigDecimal rounded = value.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = value.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        boolean plain = exponent >= -4 && exponent < (keepPoint ? Math.max(digits - 1, 1) : digits);
        if (keepPoint && digits == 1) {
            plain = exponent >= -4 && exponent < 1 && exponent < digits;
        }
        String text = plain ? fixed(rounded, Math.max(0, digits - 1 - exponent)) : scientific(rounded, digits - 1);
        if (spec.alternate()) {
            return text;
        }
        int tail = text.indexOf('e');
        String head = tail < 0 ? text : text.substring(0, tail);
        if (head.indexOf('.') >= 0) {
            head = head.replaceFirst("\\.?0+$", "");
        }
        if (keepPoint && plain && head.indexOf('.') < 0) {
            head += ".0";
        }
        return tail < 0 ? head : head + text.substring(tail);
    }

    private String group(String digits, int size) {
        if (spec.grouping().isEmpty()) {
            return digits;
        }
        StringBuilder out = new StringBuilder(digits);
        for (int at = digits.length() - size; at > 0; at -= size) {
            out.insert(at, spec.grouping());
        }
        return out.toString();
    }

    private String finish(boolean negative, String prefix, String digits, String rest) {
        String sign = negative ? "-" : spec.sign() == '-' ? "" : String.valueOf(spec.sign());
        String lead = sign + prefix;
        String padded = digits;
        boolean groupZeros = !spec.grouping().isEmpty()
                && spec.fill().equals("0")
                && spec.align().equals("=");
        while (groupZeros && lead.length() + padded.length() + rest.length() < spec.width()) {
            // Zeros that fill up take separators too; a separator never stands first.
            int run = padded.indexOf(spec.grouping()) < 0 ? padded.length() : padded.indexOf(spec.grouping());
            padded = run == 3 ? "0" + spec.grouping() + padded : "0" + padded;
        }
        return spec.pad(lead + padded + rest, lead.length(), ">", budget);
    }
}
