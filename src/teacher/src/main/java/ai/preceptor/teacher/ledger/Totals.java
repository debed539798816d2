package ai.preceptor.teacher.ledger;

/**
 * What calls came to.
 *
 * @param calls how many were answered
 * @param promptTokens tokens that were read
 * @param completionTokens tokens that were written
 * @param cost in the unit of the prices
 */
public record Totals(long calls, long promptTokens, long completionTokens, double cost) {

    /** Before any call. */
    public static final Totals NONE = new Totals(0, 0, 0, 0);

    /** With one more. */
    public Totals plus(PaidCall call) {
        return new Totals(
                calls + 1,
                promptTokens + call.promptTokens(),
                completionTokens + call.completionTokens(),
                cost + call.cost());
    }
}
