package ai.preceptor.policy.correction;

/** What importance weights are taken of, and what happens to those outside their bounds; TRL's names. */
public enum ImportanceSamplingMode {
    /** No weights. */
    NONE,
    /** Each token's ratio, cut to the bounds: little variance, biased by what was cut and by the prefix's ratio. */
    TOKEN_TRUNCATE,
    /** Each token's ratio; 0 outside the bounds. */
    TOKEN_MASK,
    /** The whole answer's ratio, the product of its tokens', cut to the bounds: unbiased but for the cut. */
    SEQUENCE_TRUNCATE,
    /** The whole answer's ratio; 0 outside the bounds. */
    SEQUENCE_MASK;

    boolean isSequence() {
        return this == SEQUENCE_TRUNCATE || this == SEQUENCE_MASK;
    }

    boolean masks() {
        return this == TOKEN_MASK || this == SEQUENCE_MASK;
    }
}
