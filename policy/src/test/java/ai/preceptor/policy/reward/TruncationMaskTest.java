package ai.preceptor.policy.reward;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Score;
import java.util.List;
import org.junit.jupiter.api.Test;

class TruncationMaskTest extends RewardShapingContract {
    @Override
    protected RewardShaping shaping() {
        return new TruncationMask();
    }

    @Test
    void shape_leavesOutWhatDidNotEnd_andKeepsItsReward() {
        RewardBatch shaped = shaping()
                .shape(RewardBatch.of(List.of(
                        answer(0, Score.of(5), 1, FinishReason.STOP),
                        answer(0, Score.of(-1), 1, FinishReason.LENGTH),
                        answer(0, Score.of(3), 1, FinishReason.STOP),
                        answer(0, Score.of(4), 1, FinishReason.STOP))));
        assertThat(shaped.counted()).containsExactly(true, false, true, true);
        assertThat(shaped.rewards()).containsExactly(5, -1, 3, 4);
        assertThat(shaped.metrics().get("shaping/truncated_masked_ratio").value())
                .isEqualTo(0.25);
    }
}
