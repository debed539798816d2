package ai.preceptor.policy.credit;

/**
 * What one of several scorers gave.
 *
 * @param scores {@code [answers]} in its own unit, unweighted; not a number where it gave none
 * @param weight what they count in the score of an answer, finite
 */
@SuppressWarnings("ArrayRecordComponent") // large, and never compared
public record ScoredPart(double[] scores, double weight) {
    /** The name under which penalties and bounds stand that changed the weighted sum. */
    public static final String SHAPING = "shaping";
}
