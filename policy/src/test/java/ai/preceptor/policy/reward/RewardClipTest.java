package ai.preceptor.policy.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Score;
import java.util.List;
import org.junit.jupiter.api.Test;

class RewardClipTest extends RewardShapingContract {
    @Override
    protected RewardShaping shaping() {
        return new RewardClip(-1, 2);
    }

    @Test
    void shape_keepsRewardsWithinTheBounds() {
        RewardBatch shaped = shaping()
                .shape(RewardBatch.of(List.of(
                        answer(0, Score.of(5), 1, FinishReason.STOP),
                        answer(0, Score.of(-1), 1, FinishReason.STOP),
                        answer(0, Score.of(-1.5), 1, FinishReason.STOP),
                        answer(0, Score.unscored("down"), 1, FinishReason.STOP),
                        answer(0, Score.of(2), 1, FinishReason.STOP))));
        assertThat(shaped.rewards()).containsExactly(2, -1, -1, Double.NaN, 2);
        assertThat(shaped.metrics().get("shaping/reward_clipped_ratio").value()).isEqualTo(0.5);
    }

    @Test
    void constructor_refusesBoundsOutOfOrder() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RewardClip(1, 1))
                .withMessage("reward_clip_range: [1.0, 1.0], must be two finite numbers, the lower one first");
    }
}
