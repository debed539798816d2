package ai.preceptor.policy.reward;

import ai.preceptor.train.Metric;

/**
 * Keeps rewards within bounds: {@code min(max(r, low), high)}. After the weighted sum of several scorers, before the KL
 * penalty.
 *
 * <p>Source: TRL's {@code reward_clip_range} (RLOO). Metric: {@code shaping/reward_clipped_ratio}, share of scored answers
 * whose reward was outside.
 *
 * @param low finite
 * @param high finite, above {@code low}
 */
public record RewardClip(double low, double high) implements RewardShaping {
    /** @throws IllegalArgumentException if the bounds are not finite, or not in order */
    public RewardClip {
        if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
            throw new IllegalArgumentException(
                    "reward_clip_range: [" + low + ", " + high + "], must be two finite numbers, the lower one first");
        }
    }

    @Override
    public RewardBatch shape(RewardBatch batch) {
        int outside = 0;
        for (double reward : batch.rewards()) {
            outside += reward < low || reward > high ? 1 : 0;
        }
        return batch.withRewards(i -> Math.min(Math.max(batch.rewards()[i], low), high))
                .with("shaping/reward_clipped_ratio", Metric.mean(outside, batch.scored()));
    }

    @Override
    public String name() {
        return "reward_clip=" + low + "," + high;
    }
}
