package ai.preceptor.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.anyList;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import ai.preceptor.data.ScorerException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrderBalancedJudgeTest extends JudgeContract {

    @Override
    protected Judge judge() {
        return new OrderBalancedJudge(new ScorerJudge(
                new RuleScorer("length", answer -> answer.text().asString().length())));
    }

    /** Answers in the order asked: each comparison, then the same turned round. */
    private static OrderBalancedJudge answering(Verdict... verdicts) {
        Judge judge = mock(Judge.class);
        when(judge.name()).thenReturn("odd");
        when(judge.compare(anyList())).thenReturn(List.of(verdicts));
        when(judge.stats()).thenReturn(JudgeStats.NONE);
        return new OrderBalancedJudge(judge);
    }

    /** Always the first: the two orders cancel, and every comparison turned with the order. */
    @Test
    void compare_ofAJudgeWhoLikesTheFirstIsATie() {
        OrderBalancedJudge judge = answering(Verdict.of(1), Verdict.of(1), Verdict.of(1), Verdict.of(1));
        assertThat(judge.compare(List.of(comparison("a", "b"), comparison("c", "d"))))
                .containsExactly(Verdict.of(0.5), Verdict.of(0.5));
        assertThat(judge.stats().bias()).isEqualTo(new PositionBias(2, 2, 2));
        assertThat(judge.stats().bias().disagreementRate()).isEqualTo(1);
        assertThat(judge.stats().bias().firstPreference()).isEqualTo(1);
    }

    /** 0.9 as asked; turned round 0.3 for the other, so 0.7: (0.9 + 0.7) / 2. The first places got 0.9 and 0.3. */
    @Test
    void compare_averagesBothOrders() {
        OrderBalancedJudge judge = answering(Verdict.of(0.9), Verdict.of(0.3));
        assertThat(judge.compare(List.of(comparison("a", "b"))).get(0).preference())
                .isEqualTo(0.8);
        assertThat(judge.stats().bias().disagreementRate()).isZero();
        assertThat(judge.stats().bias().firstPreference()).isEqualTo(0.6);
    }

    /** One order a tie, the other not: no disagreement about who is better. */
    @Test
    void compare_withATieInOneOrderLeansTheOtherWay() {
        OrderBalancedJudge judge = answering(Verdict.of(0.5), Verdict.of(0));
        assertThat(judge.compare(List.of(comparison("a", "b")))).containsExactly(Verdict.of(0.75));
        assertThat(judge.stats().bias().disagreements()).isZero();
    }

    @Test
    void compare_thatIsUndecidedInOneOrderIsUndecided() {
        OrderBalancedJudge judge =
                answering(Verdict.of(1), Verdict.undecided("no answer"), Verdict.undecided("lost"), Verdict.of(1));
        assertThat(judge.compare(List.of(comparison("a", "b"), comparison("c", "d"))))
                .containsExactly(Verdict.undecided("in the other order: no answer"), Verdict.undecided("lost"));
        assertThat(judge.stats().bias()).isEqualTo(PositionBias.NONE_SEEN);
    }

    @Test
    void stats_countQuestionsAndThoseWithoutAVerdict() {
        OrderBalancedJudge judge = answering(
                Verdict.of(1), Verdict.of(1), Verdict.undecided("lost"), Verdict.of(1), Verdict.of(1), Verdict.of(0));
        judge.compare(
                List.of(comparison("a", "b"), comparison("c", "d"), comparison("e", "f"), comparison("same", "same")));
        assertThat(judge.stats().toRow())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "judge/questions",
                        3L,
                        "judge/undecided",
                        1 / 3.0,
                        "judge/comparisons",
                        2,
                        "judge/disagreement",
                        0.5,
                        "judge/first_preference",
                        0.75));
    }

    @Test
    void critiques_stayWithTheAnswerThatWasReadFirst() {
        OrderBalancedJudge judge =
                answering(Verdict.of(1).with("A is a", null), Verdict.of(0).with("A is b", null));
        Verdict verdict = judge.compare(List.of(comparison("a", "b"))).get(0);
        assertThat(verdict).isEqualTo(Verdict.of(1).with("A is a", "A is b"));
        assertThat(verdict.swapped()).isEqualTo(Verdict.of(0).with("A is b", "A is a"));
    }

    @Test
    void bias_countsOverAllCalls() {
        OrderBalancedJudge judge = answering(Verdict.of(1), Verdict.of(1));
        judge.compare(List.of(comparison("a", "b")));
        judge.compare(List.of(comparison("a", "b")));
        assertThat(judge.stats().bias().comparisons()).isEqualTo(2);
        PositionBias before = judge.stats().bias();
        judge.compare(List.of(comparison("a", "b")));
        assertThat(judge.stats().bias().since(before)).isEqualTo(new PositionBias(1, 1, 1));
    }

    @Test
    void bias_beforeAnythingIsNone() {
        assertThat(answering().stats().bias().firstPreference()).isEqualTo(0.5);
        assertThat(answering().stats().bias().disagreementRate()).isZero();
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
