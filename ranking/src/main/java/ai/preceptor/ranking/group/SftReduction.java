package ai.preceptor.ranking.group;

/** How the token losses of the imitated answer add up to its supervised loss. */
public enum SftReduction {
    /** Their sum: the negative log-probability of the answer. */
    SUM {
        @Override
        double weight(int tokens) {
            return 1;
        }
    },
    /** Their mean, so that the answer's length does not weigh. */
    MEAN {
        @Override
        double weight(int tokens) {
            return 1.0 / tokens;
        }
    };

    /** What each token's loss counts for in an answer of this length. */
    abstract double weight(int tokens);
}
