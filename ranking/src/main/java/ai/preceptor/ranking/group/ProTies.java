package ai.preceptor.ranking.group;

/** How {@link ProLoss} treats answers with equal scores. */
public enum ProTies {
    /**
     * They rank in the order they are given, as in the authors' code. Right where that order is the ranking; where scores
     * are coarse it trains an arbitrary order.
     */
    ORDER,
    /** They are not contrasted with each other; each is with what is strictly worse. Without ties both are the same. */
    SKIP;

    /** Whether an answer is contrasted with one that ranks after it. */
    boolean contrasts(double better, double worse) {
        return this == ORDER || better > worse;
    }
}
