package ai.preceptor.teacher.served;

/**
 * What calls cost.
 *
 * @param prompt of a million tokens that are read, 0 or more
 * @param completion of a million tokens that are written, in the same unit, 0 or more
 * @param maxCost most that all calls of a ledger may cost, above 0; infinite for no cap
 */
public record Prices(double prompt, double completion, double maxCost) {
    /** Nothing is paid. */
    public static final Prices FREE = new Prices(0, 0, Double.POSITIVE_INFINITY);

    private static final double MILLION = 1e6;

    /** @throws IllegalArgumentException if one is out of its range */
    public Prices {
        if (!(prompt >= 0 && completion >= 0 && maxCost > 0) || Double.isInfinite(prompt + completion)) {
            throw new IllegalArgumentException("prices: received " + prompt + " and " + completion + ", max_cost "
                    + maxCost + ", expected finite prices of 0 or more and a cap above 0");
        }
    }

    double of(long promptTokens, long completionTokens) {
        return (promptTokens * prompt + completionTokens * completion) / MILLION;
    }
}
