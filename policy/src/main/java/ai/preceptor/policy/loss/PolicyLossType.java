package ai.preceptor.policy.loss;

import ai.preceptor.policy.credit.Advantages;
import ai.preceptor.policy.credit.ScaleRewards;
import ai.preceptor.policy.kl.KlPenalty;

/** The named combinations of ratio and aggregation, by TRL's names in lower case. */
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
    /** Clipped token ratios, divided by the longest length; goes with {@link ScaleRewards#NONE}. */
    DR_GRPO(RatioLevels.TOKEN, Aggregations.FIXED_LENGTH);

    private final RatioLevels level;
    private final Aggregations aggregation;

    PolicyLossType(RatioLevels level, Aggregations aggregation) {
        this.level = level;
        this.aggregation = aggregation;
    }

    /**
     * The loss of this type.
     *
     * @param clip its parameters
     * @param kl the KL term
     * @param maxCompletionLength longest answer that may be sampled, at least 1
     */
    public PolicyLoss loss(ClipSettings clip, KlPenalty kl, int maxCompletionLength) {
        return new ClippedPolicyLoss(level, aggregation, clip.ratioClip(), kl, maxCompletionLength);
    }
}
