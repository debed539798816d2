package ai.preceptor.jinja.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Floats as Python writes them: the shortest digits that read back as the same float. */
public final class FloatText {
    private static final int MAX_DIGITS = 17;

    private FloatText() {}

    public static String of(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return special(value);
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = shortest(value);
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        return scientific(shortest, exponent);
    }

    public static String special(double value) {
        return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }

    private static String scientific(BigDecimal value, int exponent) {
        String digits = value.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return (value.signum() < 0 ? "-" : "") + mantissa + "e" + exponentText(exponent);
    }

    /** A sign and at least two digits. */
    public static String exponentText(int exponent) {
        int size = Math.abs(exponent);
        return (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
    }

    /**
     * Java 17's own {@code Double.toString} gives a digit too many now and then, hence the search. Where some digits read back
     * as the float, more do too.
     */
    static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        BigDecimal found = exact.round(new MathContext(MAX_DIGITS, RoundingMode.HALF_EVEN));
        int low = 1;
        int high = MAX_DIGITS;
        while (low < high) {
            int digits = (low + high) / 2;
            BigDecimal rounded = rounded(exact, digits, value);
            if (rounded == null) {
                low = digits + 1;
            } else {
                found = rounded;
                high = digits;
            }
        }
        return found.stripTrailingZeros();
    }

    /** The closer one of so many digits that reads back as the float, or null. */
    private static @Nullable BigDecimal rounded(BigDecimal exact, int digits, double value) {
        BigDecimal down = exact.round(new MathContext(digits, RoundingMode.DOWN));
        BigDecimal up = exact.round(new MathContext(digits, RoundingMode.UP));
        boolean downFits = down.doubleValue() == value;
        boolean upFits = up.doubleValue() == value;
        if (!downFits && !upFits) {
            return null;
        }
        boolean downCloser =
                exact.subtract(down).abs().compareTo(up.subtract(exact).abs()) <= 0;
        return downFits && (downCloser || !upFits) ? down : up;
    }
}
