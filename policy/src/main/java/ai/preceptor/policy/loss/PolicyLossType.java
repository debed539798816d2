package ai.preceptor.policy.loss;

import ai.preceptor.policy.credit.Advantages;
import ai.preceptor.policy.credit.ScaleRewards;
import ai.preceptor.policy.kl.KlPenalty;

/** The named policy losses, by TRL's names in lower case; {@code gmpo} by its paper's. */
public enum PolicyLossType {
    /** One clipped ratio per answer, mean over answers; goes with {@link Advantages.LeaveOneOut} and k1 in the reward. */
    RLOO(RatioLevels.SEQUENCE, Aggregations.SEQUENCE_MEAN),
    /** Clipped token ratios, mean over tokens, as PPO has it; goes with whitened or group-relative advantages. */
    PPO(RatioLevels.TOKEN, Aggregations.TOKEN_MEAN),
    /** Clipped token ratios, mean over each answer; goes with {@link Advantages.GroupRelative} and k3 in the loss. */
    GRPO(RatioLevels.TOKEN, Aggregations.SEQUENCE_MEAN),
    /** Clipped token ratios, mean over the step's tokens. */
    DAPO(RatioLevels.TOKEN, Aggregations.TOKEN_MEAN),
    /** Here the same as {@link #DAPO}; see {@link ClippedPolicyLoss} for TRL's. */
    BNPO(RatioLevels.TOKEN, Aggregations.TOKEN_MEAN),
    /** One clipped ratio per answer, the geometric mean of its tokens', mean over answers; needs far smaller bounds. */
    GSPO(RatioLevels.SEQUENCE_MEAN, Aggregations.SEQUENCE_MEAN),
    /** {@link #GSPO} with each answer weighted by its length, so that long answers do not lose weight. */
    LUSPO(RatioLevels.SEQUENCE_MEAN, Aggregations.SEQUENCE_SUM),
    /** Clipped token ratios, divided by the longest length; goes with {@link ScaleRewards#NONE}. */
    DR_GRPO(RatioLevels.TOKEN, Aggregations.FIXED_LENGTH),
    /** {@link #GRPO} with a {@link SoftGate} in the place of the clip. */
    SAPO(RatioLevels.TOKEN, Aggregations.SEQUENCE_MEAN) {
        @Override
        Clip clip(ClipSettings settings) {
            return settings.softGate();
        }

        @Override
        boolean isBounded() {
            return false;
        }

        @Override
        boolean readsEpsilon() {
            return false;
        }

        @Override
        boolean readsEpsilonHigh() {
            return false;
        }
    },
    /** {@link LikelihoodLoss} with {@link CappedRatio}, mean over the step's tokens. */
    CISPO(RatioLevels.TOKEN, Aggregations.TOKEN_MEAN) {
        @Override
        public PolicyLoss loss(ClipSettings settings, KlPenalty kl, int maxCompletionLength) {
            CappedRatio weights = settings.cappedRatio(level(settings));
            return new LikelihoodLoss(weights, aggregation(), kl, maxCompletionLength);
        }

        @Override
        boolean isBounded() {
            return false;
        }

        @Override
        boolean readsEpsilon() {
            return false;
        }
    },
    /** {@link LikelihoodLoss} with {@link GammaWeight}, mean over the step's tokens. */
    VESPO(RatioLevels.SEQUENCE, Aggregations.TOKEN_MEAN) {
        @Override
        public boolean comparesWithSampler() {
            return true;
        }

        @Override
        public PolicyLoss loss(ClipSettings settings, KlPenalty kl, int maxCompletionLength) {
            return new LikelihoodLoss(settings.gammaWeight(), aggregation(), kl, maxCompletionLength);
        }

        @Override
        boolean isBounded() {
            return false;
        }

        @Override
        boolean readsEpsilon() {
            return false;
        }

        @Override
        boolean readsEpsilonHigh() {
            return false;
        }

        @Override
        boolean hasLevels() {
            return false;
        }
    },
    /** {@link GeometricMeanLoss}: the geometric mean of token ratios that are clipped one by one. */
    GMPO(RatioLevels.SEQUENCE_MEAN, Aggregations.SEQUENCE_MEAN) {
        @Override
        public PolicyLoss loss(ClipSettings settings, KlPenalty kl, int maxCompletionLength) {
            return settings.geometricMean(kl);
        }

        @Override
        boolean isBounded() {
            return false;
        }

        @Override
        boolean hasLevels() {
            return false;
        }
    };

    private final RatioLevels level;
    private final Aggregations aggregation;

    PolicyLossType(RatioLevels level, Aggregations aggregation) {
        this.level = level;
        this.aggregation = aggregation;
    }

    /**
     * The loss of this type.
     *
     * @param settings its parameters
     * @param kl the KL term
     * @param maxCompletionLength longest answer that may be sampled, at least 1
     */
    public PolicyLoss loss(ClipSettings settings, KlPenalty kl, int maxCompletionLength) {
        return new ClippedPolicyLoss(level(settings), aggregation, clip(settings), kl, maxCompletionLength);
    }

    /**
     * Whether its ratios are those to the distribution that sampled, so that nothing else is to correct for the difference
     * of that and the old policy.
     */
    public boolean comparesWithSampler() {
        return false;
    }

    /** What is made of one ratio. */
    Clip clip(ClipSettings settings) {
        return settings.ratioClip();
    }

    /** Whether it is {@link RatioClip} that bounds the ratios, so that {@code delta} has a meaning. */
    boolean isBounded() {
        return true;
    }

    /** Whether {@code epsilon} has a meaning. */
    boolean readsEpsilon() {
        return true;
    }

    /** Whether {@code epsilon_high} has one. */
    boolean readsEpsilonHigh() {
        return true;
    }

    /** Whether the level of the ratios can be chosen. */
    boolean hasLevels() {
        return true;
    }

    /** The level of the ratios: what the settings ask for, else the type's own. */
    RatioLevel level(ClipSettings settings) {
        ImportanceSamplingLevel asked = settings.importanceSamplingLevel();
        return asked == null ? level : asked.level();
    }

    Aggregations aggregation() {
        return aggregation;
    }
}
