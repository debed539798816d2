package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.Budget;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.FloatText;
import ai.preceptor.jinja.value.PyText;
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
        refuseGrouping("n".equals(letter()) || "c".equals(letter()) ? ",_" : "boxX".contains(letter()) ? "," : "");
        BigInteger size = value.abs();
        String digits = switch (spec.type()) {
            case 'b' -> size.toString(2);
            case 'o' -> size.toString(8);
            case 'x' -> size.toString(16);
            case 'X' -> size.toString(16).toUpperCase(Locale.ROOT);
            case 'd', 'n', ' ' -> size.toString();
            case 'c' -> character(value);
            default -> throw new EvaluationError("format '" + spec.type() + "' does not take a whole number");
        };
        if (spec.type() == 'c') {
            if (spec.alternate() || !spec.sign().isEmpty()) {
                throw new EvaluationError("format 'c' takes neither a sign nor '#'");
            }
            return spec.pad(digits, 0, ">", budget);
        }
        String prefix = spec.alternate() && "boxX".contains(letter()) ? "0" + spec.type() : "";
        String filled = PyText.pad("0", spec.precision() - digits.length(), budget) + digits;
        return finish(value.signum() < 0, prefix, group(filled), "");
    }

    private String letter() {
        return spec.type() == ' ' ? "none" : String.valueOf(spec.type());
    }

    private void refuseGrouping(String refused) {
        if (!spec.grouping().isEmpty() && refused.contains(spec.grouping())) {
            throw new EvaluationError("format '" + spec.type() + "' takes no '" + spec.grouping() + "'");
        }
    }

    private static String character(BigInteger value) {
        if (value.signum() < 0 || value.compareTo(BigInteger.valueOf(Character.MAX_CODE_POINT)) > 0) {
            throw new EvaluationError("format 'c' needs a code point, got " + value);
        }
        return Character.toString(value.intValue());
    }

    /** A float. */
    String real(double number) {
        refuseGrouping("n".equals(letter()) ? ",_" : "");
        budget.digits(number);
        char type = spec.type();
        double value = type == '%' ? number * 100 : number;
        boolean negative = value < 0 || (value == 0 && 1 / value < 0);
        String percent = type == '%' ? "%" : "";
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return finish(negative, "", cased(FloatText.special(Math.abs(value)) + percent), "");
        }
        BigDecimal exact = new BigDecimal(Math.abs(value));
        int precision = spec.precision() < 0 ? DEFAULT_PRECISION : spec.precision();
        String text = cased(
                switch (type) {
                    case 'f', 'F', '%' -> fixed(exact, precision);
                    case 'e', 'E' -> scientific(exact, precision);
                    case 'g', 'G', 'n' -> general(exact, precision, false);
                    case ' ' -> spec.precision() < 0 ? shortest(Math.abs(value)) : general(exact, precision, true);
                    default -> throw new EvaluationError("format '" + type + "' does not take a float");
                });
        int end = 0;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return finish(negative, "", group(text.substring(0, end)), text.substring(end) + percent);
    }

    private String cased(String text) {
        return Character.isUpperCase(spec.type()) ? text.toUpperCase(Locale.ROOT) : text;
    }

    private String shortest(double value) {
        String text = FloatText.of(value);
        return spec.alternate() && text.indexOf('.') < 0 ? text.replace("e", ".e") : text;
    }

    private String fixed(BigDecimal value, int precision) {
        String text = value.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
        return precision == 0 && spec.alternate() ? text + "." : text;
    }

    private String scientific(BigDecimal value, int precision) {
        BigDecimal rounded = value.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
        int exponent = value.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        return fixed(rounded.movePointLeft(exponent), precision) + "e" + FloatText.exponentText(exponent);
    }

    /** The shorter of the two forms; {@code keepPoint} is Python's wish that a float should look like one. */
    private String general(BigDecimal value, int precision, boolean keepPoint) {
        int digits = Math.max(1, precision);
        BigDecimal rounded = value.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = value.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        boolean plain = exponent >= -4 && exponent < (keepPoint ? digits - 1 : digits);
        String text = plain ? fixed(rounded, Math.max(0, digits - 1 - exponent)) : scientific(rounded, digits - 1);
        if (spec.alternate()) {
            return text;
        }
        int tail = plain ? text.length() : text.indexOf('e');
        String head = text.substring(0, tail);
        if (head.indexOf('.') >= 0) {
            head = head.replaceFirst("\\.?0+$", "");
        }
        return (keepPoint && plain && head.indexOf('.') < 0 ? head + ".0" : head) + text.substring(tail);
    }

    /** Digits between two separators. */
    private int groupSize() {
        return "boxX".contains(letter()) ? 4 : 3;
    }

    private String group(String digits) {
        if (spec.grouping().isEmpty()) {
            return digits;
        }
        int size = groupSize();
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < digits.length(); i++) {
            out.append(i > 0 && (digits.length() - i) % size == 0 ? spec.grouping() : "")
                    .append(digits.charAt(i));
        }
        return out.toString();
    }

    private String finish(boolean negative, String prefix, String digits, String rest) {
        String sign = negative ? "-" : spec.sign().equals("-") ? "" : spec.sign();
        String lead = sign + prefix;
        boolean groupZeros = !spec.grouping().isEmpty()
                && spec.fill().equals("0")
                && spec.align().equals("=");
        String padded = groupZeros ? zeros(digits, spec.width() - lead.length() - rest.length()) : digits;
        return spec.pad(lead + padded + rest, lead.length(), ">", budget);
    }

    /** Zeros that fill up take separators too; a separator never stands first. */
    private String zeros(String digits, int width) {
        if (digits.length() >= width) {
            return digits;
        }
        budget.text(width);
        int separator = digits.indexOf(spec.grouping());
        int run = separator < 0 ? digits.length() : separator;
        StringBuilder reversed = new StringBuilder(digits).reverse();
        while (reversed.length() < width) {
            boolean full = run == groupSize();
            reversed.append(full ? spec.grouping() : "").append('0');
            run = full ? 1 : run + 1;
        }
        return reversed.reverse().toString();
    }
}
