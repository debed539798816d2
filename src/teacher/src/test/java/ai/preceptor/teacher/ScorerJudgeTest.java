package ai.preceptor.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.ArgumentMatchers.anyList;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScorerJudgeTest extends JudgeContract {

    private static double length(Answer answer) {
        return answer.text().asString().length();
    }

    @Override
    protected Judge judge() {
        return new ScorerJudge(new RuleScorer("length", ScorerJudgeTest::length));
    }

    @Test
    void compare_prefersTheHigherScore() {
        assertThat(judge().compare(List.of(
                        comparison("longer", "short"), comparison("owl", "wren"), comparison("owl", "emu"))))
                .containsExactly(Verdict.of(1), Verdict.of(0), Verdict.of(0.5));
    }

    @Test
    void compare_withinTheToleranceTies() {
        Judge judge = new ScorerJudge(new RuleScorer("length", ScorerJudgeTest::length), 1);
        assertThat(judge.compare(List.of(comparison("longer", "short"), comparison("long", "longer"))))
                .containsExactly(Verdict.of(0.5), Verdict.of(0));
    }

    /** An answer that could not be scored has not lost. */
    @Test
    void compare_withAnUnscoredAnswerIsUndecided() {
        Scorer scorer = mock(Scorer.class);
        when(scorer.score(anyList())).thenReturn(List.of(Score.unscored("timed out"), Score.of(1), Score.of(2)));
        assertThat(new ScorerJudge(scorer).compare(List.of(comparison("a", "b"), comparison("c", "a"))))
                .containsExactly(
                        Verdict.undecided("first answer: timed out"), Verdict.undecided("second answer: timed out"));
    }

    @Test
    void compare_scoresEveryAnswerOnceAndIdenticalOnesNever() {
        List<Answer> asked = new ArrayList<>();
        Judge judge = new ScorerJudge(new RuleScorer("length", answer -> {
            asked.add(answer);
            return length(answer);
        }));
        judge.compare(List.of(comparison("a", "bc"), comparison("bc", "a"), comparison("d", "d")));
        Prompt prompt = comparison("", "").prompt();
        assertThat(asked).containsExactly(Answer.of(prompt, "a"), Answer.of(prompt, "bc"));
    }

    @Test
    void compare_ofAScorerThatLosesAnswersIsAnError() {
        Scorer scorer = mock(Scorer.class);
        when(scorer.name()).thenReturn("odd");
        when(scorer.score(anyList())).thenReturn(List.of());
        assertThatExceptionOfType(ScorerException.class)
                .isThrownBy(() -> new ScorerJudge(scorer).compare(List.of(comparison("a", "b"))))
                .withMessage("odd: 0 scores, must be one per answer: 2");
    }

    @Test
    void close_closesTheScorer() {
        Scorer scorer = mock(Scorer.class);
        new ScorerJudge(scorer).close();
        verify(scorer).close();
    }

    @Test
    void constructor_refusesANegativeTolerance() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScorerJudge(new RuleScorer("length", ScorerJudgeTest::length), -1))
                .withMessage("tie within: -1.0, must be finite and 0 or more");
    }
}
