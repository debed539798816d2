package ai.preceptor.policy.loss;

/** The level of the ratios of new to old policy, by the names of TRL's {@code importance_sampling_level}. */
public enum ImportanceSamplingLevel {
    /** Each token by itself. */
    TOKEN(RatioLevels.TOKEN),
    /** The geometric mean over the answer's tokens, as in GSPO. */
    SEQUENCE(RatioLevels.SEQUENCE_MEAN),
    /** The product over the answer's tokens, as in RLOO; not TRL's. */
    SEQUENCE_SUM(RatioLevels.SEQUENCE);

    private final RatioLevels level;

    ImportanceSamplingLevel(RatioLevels level) {
        this.level = level;
    }

    /** The ratios themselves. */
    public RatioLevel level() {
        return level;
    }
}
