package ai.preceptor.teacher;

/**
 * How the order of two answers affects a judge's verdicts, measured on comparisons asked in both orders.
 *
 * @param comparisons decided in both orders
 * @param disagreements of these, where one order preferred one answer and the other order the other
 * @param firstPreferences sum over them of the mean preference for whichever answer came first
 */
public record PositionBias(int comparisons, int disagreements, double firstPreferences) {

    /** Before anything was asked. */
    public static final PositionBias NONE_SEEN = new PositionBias(0, 0, 0);

    /**
     * With one more comparison.
     *
     * @param first preference for the first answer as asked, in [0, 1]
     * @param turned preference for the then first answer when the order was turned round, in [0, 1]
     */
    PositionBias plus(double first, double turned) {
        boolean disagree = (first - 0.5) * (turned - 0.5) > 0;
        return new PositionBias(
                comparisons + 1, disagreements + (disagree ? 1 : 0), firstPreferences + (first + turned) / 2);
    }

    /** What was seen since {@code earlier}, an earlier state of the same judge. */
    public PositionBias since(PositionBias earlier) {
        return new PositionBias(
                comparisons - earlier.comparisons,
                disagreements - earlier.disagreements,
                firstPreferences - earlier.firstPreferences);
    }

    /** Both together. */
    public PositionBias plus(PositionBias other) {
        return new PositionBias(
                comparisons + other.comparisons,
                disagreements + other.disagreements,
                firstPreferences + other.firstPreferences);
    }

    /** Share of comparisons whose verdict turned with the order, in [0, 1]; 0 before anything was asked. */
    public double disagreementRate() {
        return comparisons == 0 ? 0 : (double) disagreements / comparisons;
    }

    /** Mean preference for the answer that comes first, in [0, 1]: 0.5 for a judge without bias. */
    public double firstPreference() {
        return comparisons == 0 ? 0.5 : firstPreferences / comparisons;
    }
}
