package ai.preceptor.teacher.served.client;

import ai.preceptor.teacher.ledger.Money;
import java.math.BigDecimal;

/**
 * What calls cost.
 *
 * @param prompt of a million tokens that are read, 0 or more
 * @param completion of a million tokens that are written, in the same unit, 0 or more
 * @param maxCost most that all calls of a ledger may cost, above 0; infinite for no cap; what is
 *     smaller than a billionth of the unit does not count
 */
public record Prices(double prompt, double completion, double maxCost) {
    /** Nothing is paid. */
    public static final Prices FREE = new Prices(0, 0, Double.POSITIVE_INFINITY);

    private static final int MILLION_DIGITS = 6;

    /** @throws IllegalArgumentException if one is out of its range */
    public Prices {
        if (!(prompt >= 0 && completion >= 0 && maxCost > 0) || Double.isInfinite(prompt + completion)) {
            throw new IllegalArgumentException("prices: received " + prompt + " and " + completion + ", max_cost "
                    + maxCost + ", expected finite prices of 0 or more and a cap above 0");
        }
    }

    /** Exact for the decimal numbers that the prices are, then rounded up to a billionth. */
    Money of(long promptTokens, long completionTokens) {
        BigDecimal read = BigDecimal.valueOf(prompt).multiply(BigDecimal.valueOf(promptTokens));
        BigDecimal written = BigDecimal.valueOf(completion).multiply(BigDecimal.valueOf(completionTokens));
        return Money.atLeast(read.add(written).movePointLeft(MILLION_DIGITS));
    }

    /** {@link Money#MOST} for no cap. */
    Money cap() {
        return Double.isInfinite(maxCost) ? Money.MOST : Money.atMost(BigDecimal.valueOf(maxCost));
    }
}
