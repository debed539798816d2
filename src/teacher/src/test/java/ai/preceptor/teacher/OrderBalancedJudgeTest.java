package ai.preceptor.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.anyList;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import ai.preceptor.data.ScorerException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderBalancedJudgeTest extends JudgeContract {

    @Override
    Judge judge() {
        return new OrderBalancedJudge(new ScorerJudge(
                new RuleScorer("length", answer -> answer.text().asString().length())));
    }

    /** Answers in the order asked: each comparison, then the same turned round. */
    private static OrderBalancedJudge answering(Verdict... verdicts) {
        Judge judge = mock(Judge.class);
        when(judge.name()).thenReturn("odd");
        when(judge.compare(anyList())).thenReturn(List.of(verdicts));
        return new OrderBalancedJudge(judge);
    }

    /** Always the first: the two orders cancel, and every comparison turned with the order. */
    @Test
    void compare_ofAJudgeWhoLikesTheFirstIsATie() {
        OrderBalancedJudge judge = answering(Verdict.of(1), Verdict.of(1), Verdict.of(1), Verdict.of(1));
        assertThat(judge.compare(List.of(comparison("a", "b"), comparison("c", "d"))))
                .containsExactly(Verdict.of(0.5), Verdict.of(0.5));
        assertThat(judge.bias()).isEqualTo(new PositionBias(2, 2, 2));
        assertThat(judge.bias().disagreementRate()).isEqualTo(1);
        assertThat(judge.bias().firstPreference()).isEqualTo(1);
    }

    /** 0.9 as asked; turned round 0.3 for the other, so 0.7: (0.9 + 0.7) / 2. The first places got 0.9 and 0.3. */
    @Test
    void compare_averagesBothOrders() {
        OrderBalancedJudge judge = answering(Verdict.of(0.9), Verdict.of(0.3));
        assertThat(judge.compare(List.of(comparison("a", "b"))).get(0).preference())
                .isEqualTo(0.8);
        assertThat(judge.bias().disagreementRate()).isZero();
        assertThat(judge.bias().firstPreference()).isEqualTo(0.6);
    }

    /** One order a tie, the other not: no disagreement about who is better. */
    @Test
    void compare_withATieInOneOrderLeansTheOtherWay() {
        OrderBalancedJudge judge = answering(Verdict.of(0.5), Verdict.of(0));
        assertThat(judge.compare(List.of(comparison("a", "b")))).containsExactly(Verdict.of(0.75));
        assertThat(judge.bias().disagreements()).isZero();
    }

    @Test
    void compare_thatIsUndecidedInOneOrderIsUndecided() {
        OrderBalancedJudge judge =
                answering(Verdict.of(1), Verdict.undecided("no answer"), Verdict.undecided("lost"), Verdict.of(1));
        assertThat(judge.compare(List.of(comparison("a", "b"), comparison("c", "d"))))
                .containsExactly(Verdict.undecided("in the other order: no answer"), Verdict.undecided("lost"));
        assertThat(judge.bias()).isEqualTo(PositionBias.NONE_SEEN);
    }

    @Test
    void bias_countsOverAllCalls() {
        OrderBalancedJudge judge = answering(Verdict.of(1), Verdict.of(1));
        judge.compare(List.of(comparison("a", "b")));
        judge.compare(List.of(comparison("a", "b")));
        assertThat(judge.bias().comparisons()).isEqualTo(2);
        PositionBias before = judge.bias();
        judge.compare(List.of(comparison("a", "b")));
        assertThat(judge.bias().since(before)).isEqualTo(new PositionBias(1, 1, 1));
    }

    @Test
    void bias_beforeAnythingIsNone() {
        assertThat(answering().bias().firstPreference()).isEqualTo(0.5);
        assertThat(answering().bias().disagreementRate()).isZero();
    }

    @Test
    void compare_ofAJudgeThatLosesComparisonsIsAnError() {
        OrderBalancedJudge judge = answering(Verdict.of(1));
        assertThatExceptionOfType(ScorerException.class)
                .isThrownBy(() -> judge.compare(List.of(comparison("a", "b"))))
                .withMessage("odd: 1 verdicts, must be one per comparison: 2");
    }

    @Test
    void close_closesTheJudge() {
        Judge judge = mock(Judge.class);
        new OrderBalancedJudge(judge).close();
        verify(judge).close();
    }
}
