package ai.preceptor.jinja.value;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Python's numbers: ints are {@code Long}, or {@code BigInteger} where that is too small; floats are {@code Double}. */
public final class Numbers {
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private Numbers() {}

    /** The value of an int in the smaller of its two forms. */
    public static Object whole(BigInteger value) {
        if (value.bitLength() > Limits.INTEGER_BITS) {
            throw new EvaluationError("a whole number of more than " + Limits.INTEGER_BITS + " bits");
        }
        boolean fits = value.compareTo(MIN) >= 0 && value.compareTo(MAX) <= 0;
        return fits ? (Object) value.longValue() : value;
    }

    /** An int or bool as a big integer. */
    public static BigInteger big(Object value) {
        if (value instanceof BigInteger big) {
            return big;
        }
        return BigInteger.valueOf(value instanceof Boolean b ? (b ? 1 : 0) : (Long) value);
    }

    /** A number as a float. */
    public static double real(Object value) {
        if (value instanceof Double d) {
            return d;
        }
        double real = big(value).doubleValue();
        if (Double.isInfinite(real)) {
            throw new EvaluationError("a whole number too large for a float");
        }
        return real;
    }

    /** Whether the value is an int or bool. */
    public static boolean isIndex(Object value) {
        return Types.isWhole(value) || value instanceof Boolean;
    }

    /**
     * An int or bool as a long.
     *
     * @param what for the message, such as "an index"
     * @throws EvaluationError if it is neither, or does not fit
     */
    public static long index(Object value, String what) {
        if (value instanceof Long l) {
            return l;
        }
        if (value instanceof Boolean b) {
            return b ? 1 : 0;
        }
        Undefined.requireDefined(value);
        if (value instanceof BigInteger) {
            throw new EvaluationError(what + " is too large");
        }
        throw new EvaluationError(what + " must be a whole number, got " + Types.name(value));
    }

    /** Exact comparison of two numbers; neither is NaN. */
    static int compare(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        if (isIndex(a) && isIndex(b)) {
            return big(a).compareTo(big(b));
        }
        double x = a instanceof Double d ? d : big(a).doubleValue();
        double y = b instanceof Double d ? d : big(b).doubleValue();
        if (x != y || Double.isInfinite(x) || (a instanceof Double && b instanceof Double)) {
            // Doubles that differ are in the order of the exact values; equal ones may come from rounding.
            return x == y ? 0 : x < y ? -1 : 1;
        }
        return exact(a).compareTo(exact(b));
    }

    private static BigDecimal exact(Object value) {
        return value instanceof Double d ? new BigDecimal(d) : new BigDecimal(big(value));
    }

    static boolean isNan(Object value) {
        return value instanceof Double d && d.isNaN();
    }
}
