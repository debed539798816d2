package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Limits;
import ai.preceptor.jinja.value.Numbers;
import ai.preceptor.jinja.value.PyList;
import ai.preceptor.jinja.value.PyRange;
import ai.preceptor.jinja.value.PySequence;
import ai.preceptor.jinja.value.PyText;
import ai.preceptor.jinja.value.PyTuple;
import ai.preceptor.jinja.value.Types;
import ai.preceptor.jinja.value.Undefined;
import java.math.BigInteger;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;

/** Python's operators on numbers, texts and sequences. */
public final class Arithmetic {
    private final Rendering rendering;

    Arithmetic(Rendering rendering) {
        this.rendering = rendering;
    }

    public Object add(Object a, Object b) {
        if (a instanceof String x && b instanceof String y) {
            rendering.budget().text((long) x.length() + y.length());
            return x + y;
        }
        if (a instanceof Long x && b instanceof Long y) {
            long sum = x + y;
            return ((x ^ sum) & (y ^ sum)) < 0 ? (Object) Numbers.big(x).add(Numbers.big(y)) : sum;
        }
        if (a instanceof PySequence x
                && b instanceof PySequence y
                && a.getClass() == b.getClass()
                && !(a instanceof PyRange)) {
            rendering.budget().elements((long) x.items().size() + y.items().size());
            List<Object> all = new ArrayList<>(x.items());
            all.addAll(y.items());
            return x.like(all);
        }
        return compute("+", a, b, BigInteger::add, Double::sum);
    }

    public Object subtract(Object a, Object b) {
        return compute("-", a, b, BigInteger::subtract, (x, y) -> x - y);
    }

    public Object multiply(Object a, Object b) {
        if (isRepeatable(a) && Numbers.isIndex(b)) {
            return repeat(a, Numbers.index(b, "a count"));
        }
        if (isRepeatable(b) && Numbers.isIndex(a)) {
            return repeat(b, Numbers.index(a, "a count"));
        }
        return compute("*", a, b, BigInteger::multiply, (x, y) -> x * y);
    }

    private Object compute(
            String operator, Object a, Object b, BinaryOperator<BigInteger> exact, DoubleBinaryOperator real) {
        check(operator, a, b);
        return Numbers.isIndex(a) && Numbers.isIndex(b)
                ? whole(exact.apply(Numbers.big(a), Numbers.big(b)))
                : (Object) real.applyAsDouble(Numbers.real(a), Numbers.real(b));
    }

    private static boolean isRepeatable(Object value) {
        return value instanceof String || value instanceof PyList || value instanceof PyTuple;
    }

    private Object repeat(Object value, long count) {
        long times = Math.max(0, Math.min(count, Integer.MAX_VALUE));
        if (value instanceof String text) {
            return PyText.pad(text, text.isEmpty() ? 0 : times, rendering.budget());
        }
        PySequence sequence = (PySequence) value;
        List<Object> items = sequence.items();
        rendering.budget().elements(times * items.size());
        int size = (int) (times * items.size());
        return sequence.like(new AbstractList<>() {
            @Override
            public Object get(int index) {
                return items.get(index % items.size());
            }

            @Override
            public int size() {
                return size;
            }
        });
    }

    /** {@code /}: always a float. */
    public Object divide(Object a, Object b) {
        double divisor = divisor("/", a, b);
        return Numbers.real(a) / divisor;
    }

    /** {@code //}: rounded towards minus infinity. */
    public Object floorDivide(Object a, Object b) {
        divisor("//", a, b);
        return compute("//", a, b, Arithmetic::floorQuotient, Arithmetic::floorQuotient);
    }

    private static BigInteger floorQuotient(BigInteger a, BigInteger b) {
        return a.subtract(floorRemainder(a, b)).divide(b);
    }

    private static double floorQuotient(double a, double b) {
        double quotient = (a - floorRemainder(a, b)) / b;
        // The subtraction may miss a whole number by a hair.
        double floor = Math.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : quotient == 0 ? Math.copySign(0, a / b) : floor;
    }

    /** {@code %}: the remainder has the sign of the divisor; on a text it fills in placeholders. */
    public Object remainder(Object a, Object b) {
        if (a instanceof String pattern) {
            return new PercentFormat(rendering, pattern, b).apply();
        }
        divisor("%", a, b);
        return compute("%", a, b, Arithmetic::floorRemainder, Arithmetic::floorRemainder);
    }

    private static BigInteger floorRemainder(BigInteger a, BigInteger b) {
        BigInteger rest = a.remainder(b);
        return rest.signum() * b.signum() < 0 ? rest.add(b) : rest;
    }

    private static double floorRemainder(double a, double b) {
        double rest = a % b;
        if (rest == 0) {
            return Math.copySign(0, b);
        }
        return rest < 0 != b < 0 ? rest + b : rest;
    }

    private static double divisor(String operator, Object a, Object b) {
        check(operator, a, b);
        double value = Numbers.real(b);
        if (value == 0) {
            throw new EvaluationError("division by zero");
        }
        return value;
    }

    public Object power(Object a, Object b) {
        check("**", a, b);
        if (Numbers.isIndex(a) && Numbers.isIndex(b) && Numbers.big(b).signum() >= 0) {
            BigInteger base = Numbers.big(a);
            BigInteger exponent = Numbers.big(b);
            if (base.bitLength() <= 1 && base.signum() >= 0) {
                return exponent.signum() == 0 ? (Object) 1L : whole(base);
            }
            if (exponent.bitLength() > 31 || (long) base.bitLength() * exponent.intValue() > 2L * Limits.INTEGER_BITS) {
                throw new EvaluationError("a whole number of more than " + Limits.INTEGER_BITS + " bits");
            }
            return whole(base.pow(exponent.intValue()));
        }
        double base = Numbers.real(a);
        double exponent = Numbers.real(b);
        if (base == 0 && exponent < 0) {
            throw new EvaluationError("zero to a negative power");
        }
        double result = Math.pow(base, exponent);
        if (Double.isNaN(result) && !Double.isNaN(base) && !Double.isNaN(exponent)) {
            throw new EvaluationError("a negative number to a broken power");
        }
        if (Double.isInfinite(result) && !Double.isInfinite(base) && !Double.isInfinite(exponent)) {
            throw new EvaluationError("a power too large for a float");
        }
        return result;
    }

    public Object negate(Object a) {
        check("-", a, a);
        return a instanceof Double d ? (Object) (-d) : whole(Numbers.big(a).negate());
    }

    public Object plus(Object a) {
        check("+", a, a);
        return a instanceof Double ? a : whole(Numbers.big(a));
    }

    /** Large whole numbers cost time to make. */
    private Object whole(BigInteger value) {
        rendering.budget().spend(value.bitLength() / 64);
        return Numbers.whole(value);
    }

    private static void check(String operator, Object a, Object b) {
        if (Types.isNumber(a) && Types.isNumber(b)) {
            return;
        }
        Undefined.requireDefined(a);
        Undefined.requireDefined(b);
        throw new EvaluationError(
                "'" + operator + "' does not work on '" + Types.name(a) + "' and '" + Types.name(b) + "'");
    }
}
