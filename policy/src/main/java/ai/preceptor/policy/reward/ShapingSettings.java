package ai.preceptor.policy.reward;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done with scores before they become advantages, a group of {@code PolicySettings}. Penalties come first, then the
 * bounds.
 *
 * @param missingEosPenalty subtracted where an answer did not end, 0 or more; null for nothing
 * @param overlongBufferLen tokens before the limit in which the soft punishment of length grows, 1 to the limit; null for
 *     none
 * @param overlongPenaltyFactor the largest such punishment, above 0
 * @param rewardClipRange the lower and the upper bound; null for none
 * @param maskTruncatedCompletions whether answers that did not end are left out of the loss
 * @param stepRewards whether scores of tokens, where the scorer gives any, are rewarded at their tokens
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record ShapingSettings(
        @Key(help = "penalty subtracted from the reward of an answer without an end token", range = "[0, 1e9)")
        @Nullable
        Double missingEosPenalty,

        @Key(
                help = "number of tokens before max_completion_length over which a length penalty grows from 0 to "
                        + "overlong_penalty_factor",
                range = "[1, inf)")
        @Nullable
        Integer overlongBufferLen,

        @Key(help = "maximum length penalty, reached at max_completion_length", defaultValue = "1", range = "(0, 1e9)")
        double overlongPenaltyFactor,

        @Key(help = "[low, high]: bounds of the reward, before the KL penalty") @Nullable
        List<Double> rewardClipRange,

        @Key(help = "exclude answers without an end token from the loss", defaultValue = "false")
        boolean maskTruncatedCompletions,

        @Key(
                help = "ppo, reinforce_plus_plus, grpo: reward each step scored by a process reward model at its "
                        + "last token, instead of the answer at its end",
                defaultValue = "false")
        boolean stepRewards) {

    /** Starts from the defaults. */
    public static ShapingSettingsBuilder builder() {
        return ShapingSettingsBuilder.builder(new DefaultSettings<>(ShapingSettings.class).make());
    }

    /**
     * Refuses values that do not fit together.
     *
     * @param maxCompletionLength most tokens of an answer
     */
    public void check(int maxCompletionLength, Checks checks) {
        if (overlongBufferLen != null && overlongBufferLen > maxCompletionLength) {
            checks.refuse(
                    "overlong_buffer_len",
                    "expected at most max_completion_length " + maxCompletionLength + ", found " + overlongBufferLen);
        }
        if (overlongBufferLen == null && overlongPenaltyFactor != 1) {
            checks.refuse(
                    "overlong_penalty_factor",
                    "expected 1 without overlong_buffer_len, found " + overlongPenaltyFactor);
        }
        if (rewardClipRange != null && !isRange(rewardClipRange)) {
            checks.refuse(
                    "reward_clip_range", "expected two finite numbers, the lower one first, found " + rewardClipRange);
        }
    }

    private static boolean isRange(List<Double> bounds) {
        return bounds.size() == 2
                && Double.isFinite(bounds.get(0))
                && Double.isFinite(bounds.get(1))
                && bounds.get(0) < bounds.get(1);
    }

    /**
     * All that is asked for, in order.
     *
     * @param maxCompletionLength most tokens of an answer
     */
    public RewardShaping shaping(int maxCompletionLength) {
        List<RewardShaping> parts = new ArrayList<>();
        if (missingEosPenalty != null) {
            parts.add(new MissingEosPenalty(missingEosPenalty));
        }
        if (overlongBufferLen != null) {
            parts.add(new SoftOverlongPunishment(maxCompletionLength, overlongBufferLen, overlongPenaltyFactor));
        }
        if (rewardClipRange != null) {
            parts.add(new RewardClip(rewardClipRange.get(0), rewardClipRange.get(1)));
        }
        if (maskTruncatedCompletions) {
            parts.add(new TruncationMask());
        }
        return RewardShaping.all(parts);
    }
}
