package ai.preceptor.teacher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JudgeTallyTest {
    @Test
    void votes_agreementIsTheShareOfTheMostFrequent() {
        JudgeTally tally = new JudgeTally();
        tally.votes(List.of(1.0, 1.0, 0.0, 1.0));
        tally.votes(List.of(1.0, 0.0));
        tally.votes(List.of(1.0)); // says nothing
        tally.votes(List.of());
        assertThat(tally.stats().toRow()).isEqualTo(Map.of("judge/vote_agreement", (0.75 + 0.5) / 2));
    }

    @Test
    void stats_ofSeveral_addUp_andSubtract() {
        JudgeTally one = new JudgeTally();
        one.question(true);
        one.orders(1, 1);
        JudgeStats before = one.stats();
        one.question(false);
        one.orders(1, 0);
        assertThat(one.stats().since(before)).isEqualTo(new JudgeStats(1, 1, new PositionBias(1, 0, 0.5), 0, 0));
        assertThat(one.stats().plus(before)).isEqualTo(new JudgeStats(3, 1, new PositionBias(3, 2, 2.5), 0, 0));
    }

    @Test
    void stats_beforeAnything_nameNothing() {
        assertThat(JudgeStats.NONE.toRow()).isEmpty();
    }
}
