package ai.preceptor.policy.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Score;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoftOverlongPunishmentTest extends RewardShapingContract {
    @Override
    protected RewardShaping shaping() {
        return new SoftOverlongPunishment(15, 10, 2);
    }

    private static double punished(int tokens) {
        return new SoftOverlongPunishment(100, 20, 1)
                .shape(RewardBatch.of(List.of(answer(0, Score.of(0), tokens, FinishReason.STOP))))
                .rewards()[0];
    }

    /** TRL's own example, at 90 of 100 tokens with 20 before the limit, is -0.5. */
    @Test
    void shape_growsFromNothingToOneOverTheBuffer() {
        assertThat(punished(1)).isZero();
        assertThat(punished(80)).isZero();
        assertThat(punished(81)).isCloseTo(-0.05, within(1e-12));
        assertThat(punished(90)).isCloseTo(-0.5, within(1e-12));
        assertThat(punished(100)).isEqualTo(-1);
        assertThat(punished(120)).isEqualTo(-1);
    }

    @Test
    void shape_isTimesTheFactor_andTellsItsMean() {
        RewardBatch shaped = shaping()
                .shape(RewardBatch.of(List.of(
                        answer(0, Score.of(1), 10, FinishReason.STOP), answer(0, Score.of(1), 5, FinishReason.STOP))));
        assertThat(shaped.rewards()).containsExactly(0, 1);
        assertThat(shaped.metrics().get("shaping/overlong_penalty").value()).isEqualTo(0.5);
    }

    @Test
    void constructor_refusesWhatIsOutside() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SoftOverlongPunishment(10, 11, 1))
                .withMessage("overlong_buffer_len: 11, must be in [1, max_completion_length 10]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SoftOverlongPunishment(10, 5, 0))
                .withMessage("overlong_penalty_factor: 0.0, must be finite and above 0");
    }
}
