package ai.preceptor.policy.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Score;
import java.util.List;
import org.junit.jupiter.api.Test;

class MissingEosPenaltyTest extends RewardShapingContract {
    @Override
    protected RewardShaping shaping() {
        return new MissingEosPenalty(1.5);
    }

    @Test
    void shape_subtractsWhereAnAnswerDidNotEnd() {
        RewardBatch shaped = shaping()
                .shape(RewardBatch.of(List.of(
                        answer(0, Score.of(2), 3, FinishReason.STOP),
                        answer(0, Score.of(2), 3, FinishReason.LENGTH),
                        answer(0, Score.unscored("down"), 3, FinishReason.LENGTH))));
        assertThat(shaped.rewards()).containsExactly(2, 0.5, Double.NaN);
        assertThat(shaped.counted()).containsExactly(true, true, true);
        assertThat(shaped.metrics().get("shaping/missing_eos_penalty").value()).isEqualTo(0.75);
    }

    @Test
    void penalty_thatIsNone_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MissingEosPenalty(-1))
                .withMessage("missing_eos_penalty: -1.0, must be finite and 0 or more");
    }
}
