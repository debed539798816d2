package ai.preceptor.teacher.ledger;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount in the unit of the prices, kept exactly as a whole number of billionths, so that sums do not depend on their
 * order. What is larger than a {@code long} holds is {@link #MOST}.
 *
 * @param nanos billionths of the unit, 0 or more
 */
public record Money(long nanos) implements Comparable<Money> {
    /** Nothing. */
    public static final Money ZERO = new Money(0);

    /** The largest amount, some 9.2 billion; as a cap it is none. */
    public static final Money MOST = new Money(Long.MAX_VALUE);

    private static final int DIGITS = 9;
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    /** @throws IllegalArgumentException if it is negative */
    public Money {
        if (nanos < 0) {
            throw new IllegalArgumentException("money: received " + nanos + " billionths, expected 0 or more");
        }
    }

    /** Rounded up to the next billionth: what is to be paid. */
    public static Money atLeast(BigDecimal units) {
        return rounded(units, RoundingMode.CEILING);
    }

    /** Rounded down to a billionth: what may be paid. */
    public static Money atMost(BigDecimal units) {
        return rounded(units, RoundingMode.FLOOR);
    }

    private static Money rounded(BigDecimal units, RoundingMode mode) {
        BigDecimal nanos = units.movePointRight(DIGITS).setScale(0, mode);
        return nanos.compareTo(LARGEST) >= 0 ? MOST : new Money(nanos.longValueExact());
    }

    /** The sum. */
    public Money plus(Money other) {
        long sum = nanos + other.nanos;
        return sum < 0 ? MOST : new Money(sum);
    }

    /** What is left of it without the other; nothing if that is more. */
    public Money minus(Money other) {
        return new Money(Math.max(0, nanos - other.nanos));
    }

    /** In the unit, for reports. */
    public double units() {
        return BigDecimal.valueOf(nanos, DIGITS).doubleValue();
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(nanos, other.nanos);
    }

    /** In the unit, without needless zeros. */
    @Override
    public String toString() {
        return nanos == 0
                ? "0"
                : BigDecimal.valueOf(nanos, DIGITS).stripTrailingZeros().toPlainString();
    }
}
