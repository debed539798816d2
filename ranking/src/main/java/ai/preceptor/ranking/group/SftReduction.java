package ai.preceptor.ranking.group;

/** How the token losses of the imitated answer are reduced to its supervised loss. */
public enum SftReduction {
    /** Their sum: the negative log-probability of the answer. */
    SUM,
    /** Their mean, so that the answer's length does not weigh. */
    MEAN;

    /** What each token's loss counts for in an answer of this length. */
    double weight(int tokens) {
        return this == SUM ? 1 : 1.0 / tokens;
    }
}
