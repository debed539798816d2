package ai.preceptor.data.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolTurnsTest {
    private static ToolTurns.Turn turn(int after, int... ids) {
        return new ToolTurns.Turn(after, ids, "said", List.of("out"));
    }

    private static Completion answer(ToolTurns turns, int... ids) {
        return new Completion("a", ids, new float[ids.length], new float[ids.length], FinishReason.STOP, null, turns);
    }

    @Test
    void completion_withTurns_hasTheirTokensAmongItsOwn() {
        ToolTurns turns = new ToolTurns(List.of(turn(1, 90, 91), turn(3, 92)), 2, 1);
        Completion answer = answer(turns, 1, 2, 3, 4);
        assertThat(answer.length()).isEqualTo(4);
        assertThat(answer.allIds()).containsExactly(1, 90, 91, 2, 3, 92, 4);
        assertThat(answer.sampled()).containsExactly(true, false, false, true, true, false, true);
        assertThat(answer.ofSampled(new float[] {10, 11, 12, 13, 14, 15, 16})).containsExactly(10, 13, 14, 16);
        assertThat(answer.isOneTurn()).isFalse();
        assertThat(turns.length()).isEqualTo(3);
        assertThat(answer).isEqualTo(answer(new ToolTurns(turns.turns(), 2, 1), 1, 2, 3, 4));
        assertThat(answer).isNotEqualTo(answer(ToolTurns.NONE, 1, 2, 3, 4));
    }

    @Test
    void completion_withoutATurn_isItsOwnTokens() {
        Completion answer = answer(new ToolTurns(List.of(), 1, 0), 1, 2);
        assertThat(answer.allIds()).isSameAs(answer.tokenIds());
        assertThat(answer.sampled()).containsExactly(true, true);
        float[] numbers = {1, 2};
        assertThat(answer.ofSampled(numbers)).isSameAs(numbers);
        assertThat(answer.isOneTurn()).isTrue();
    }

    @Test
    void turnsOutOfOrder_orAfterTheLastToken_areRefused() {
        assertThatThrownBy(() -> new ToolTurns(List.of(turn(2, 9), turn(2, 9)), 2, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one after token 2, expected after one above 2");
        assertThatThrownBy(() -> turn(0, 9)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> turn(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ToolTurns(List.of(), 1, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ToolTurns(List.of(turn(1, 9)), 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> answer(new ToolTurns(List.of(turn(2, 9)), 1, 0), 1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("after token 2, expected fewer than the sampled tokens, 2");
    }
}
