package ai.preceptor.policy.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Score;
import ai.preceptor.data.setting.Refusals;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** Everything at once: penalties before bounds. */
class ShapingSettingsTest extends RewardShapingContract {
    private static final ShapingSettings ALL = ShapingSettings.builder()
            .missingEosPenalty(1.0)
            .overlongBufferLen(10)
            .overlongPenaltyFactor(0.5)
            .rewardClipRange(List.of(-1.0, 1.0))
            .maskTruncatedCompletions(true)
            .build();

    @Override
    protected RewardShaping shaping() {
        return ALL.shaping(20);
    }

    @Test
    void shaping_penaltiesComeBeforeBounds() {
        RewardBatch shaped = shaping()
                .shape(RewardBatch.of(List.of(
                        answer(0, Score.of(2), 20, FinishReason.LENGTH),
                        answer(0, Score.of(3), 5, FinishReason.STOP),
                        answer(0, Score.of(0), 20, FinishReason.LENGTH))));
        assertThat(shaped.rewards()).containsExactly(0.5, 1, -1);
        assertThat(shaped.counted()).containsExactly(false, true, false);
        assertThat(shaping().name())
                .isEqualTo("missing_eos_penalty=1.0 overlong=20,10,0.5 reward_clip=-1.0,1.0 truncation_mask");
    }

    @Test
    void shaping_byDefault_isNone() {
        RewardShaping none = ShapingSettings.builder().build().shaping(20);
        assertThat(none).isSameAs(RewardShaping.NONE);
        RewardBatch batch = RewardBatch.of(List.of(answer(0, Score.of(2), 20, FinishReason.LENGTH)));
        assertThat(none.shape(batch)).isSameAs(batch);
    }

    @Test
    void check_valuesThatDoNotFit_areRefusedByKey() {
        refused(ShapingSettings.builder().overlongBufferLen(21).build())
                .hasMessageContaining("overlong_buffer_len: expected at most max_completion_length 20, found 21");
        refused(ShapingSettings.builder().overlongPenaltyFactor(2).build())
                .hasMessageContaining("overlong_penalty_factor: expected 1 without overlong_buffer_len, found 2.0");
        for (List<Double> range : List.of(List.of(1.0), List.of(1.0, 1.0), List.of(0.0, Double.NaN))) {
            refused(ShapingSettings.builder().rewardClipRange(range).build())
                    .hasMessageContaining(
                            "reward_clip_range: expected two finite numbers, the lower one first, found " + range);
        }
        refused(ShapingSettings.builder().missingEosPenalty(-1.0).build()).hasMessageContaining("missing_eos_penalty");
    }

    private static AbstractThrowableAssert<?, ?> refused(ShapingSettings settings) {
        Refusals refusals = Refusals.joining(settings);
        settings.check(20, refusals);
        return assertThatThrownBy(refusals::throwIfAny);
    }
}
