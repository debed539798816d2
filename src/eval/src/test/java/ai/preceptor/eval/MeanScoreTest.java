package ai.preceptor.eval;

import static ai.preceptor.eval.Sampled.answers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.ArgumentMatchers.anyList;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeanScoreTest {
    private final AnswerSet answers = answers(List.of("a", "b"), List.of("c", "d"), List.of("e"));

    private static Scorer giving(Score... scores) {
        Scorer scorer = mock(Scorer.class);
        when(scorer.name()).thenReturn("rule:x");
        when(scorer.score(anyList())).thenReturn(Arrays.asList(scores));
        return scorer;
    }

    /** Prompts' means: 2, then 4 of the one that was scored, then 9. */
    @Test
    void measure_isTheMeanOfThePromptsMeans() {
        Score none = Score.unscored("timed out");
        MeanScore mean = MeanScore.measure(giving(Score.of(1), Score.of(3), none, Score.of(4), Score.of(9)), answers);
        assertThat(mean).isEqualTo(new MeanScore("rule:x", MeanEstimate.of(new double[] {2, 4, 9}), 1));
    }

    /** Prompts with means of 2, 4 and 9 and a baseline with 1, none and 5: differences of 1 and 4. */
    @Test
    void measure_differenceIsTakenPromptByPrompt() {
        Score none = Score.unscored("timed out");
        Scorer scorer = giving(Score.of(1), Score.of(3), none, Score.of(4), Score.of(9));
        AnswerSet baseline = answers(List.of("f"), List.of("g"), List.of("h"));
        when(scorer.score(baseline.answers())).thenReturn(List.of(Score.of(1), none, Score.of(5)));
        MeanScore mean = MeanScore.measure(scorer, answers, baseline);
        assertThat(mean.difference()).isEqualTo(MeanEstimate.of(new double[] {1, 4}));
        assertThat(mean.score()).isEqualTo(MeanEstimate.of(new double[] {2, 4, 9}));
        assertThat(mean.unscored()).isEqualTo(1);
    }

    @Test
    void measure_withoutACommonPrompt_hasNoDifference() {
        Score none = Score.unscored("timed out");
        Scorer scorer = giving(Score.of(1), Score.of(3), none, none, none);
        AnswerSet baseline = answers(List.of("f"), List.of("g"), List.of("h"));
        when(scorer.score(baseline.answers())).thenReturn(List.of(none, Score.of(2), Score.of(5)));
        assertThat(MeanScore.measure(scorer, answers, baseline).difference()).isNull();
    }

    /** Scores of different calls do not compare. */
    @Test
    void measure_ofARelativeScorer_hasNoDifference() {
        Scorer scorer = giving(Score.of(1), Score.of(3), Score.of(1), Score.of(4), Score.of(9));
        when(scorer.isRelative()).thenReturn(true);
        assertThat(MeanScore.measure(scorer, answers, answers).difference()).isNull();
    }

    @Test
    void measure_againstAnswersToOtherPrompts_isRefused() {
        AnswerSet other = answers(List.of("f"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeanScore.measure(
                        giving(Score.of(1), Score.of(3), Score.of(1), Score.of(4), Score.of(9)), answers, other))
                .withMessageContaining("its prompts are not those of the answers (1 and 3)");
    }

    @Test
    void measure_ofNothingScoredIsAnError() {
        Score none = Score.unscored("timed out");
        assertThatExceptionOfType(ScorerException.class)
                .isThrownBy(() -> MeanScore.measure(giving(none, none, none, none, none), answers))
                .withMessage("rule:x: scored none of 5 answers; the first: timed out");
    }

    @Test
    void measure_ofAScorerThatLosesAnswersIsAnError() {
        assertThatExceptionOfType(ScorerException.class)
                .isThrownBy(() -> MeanScore.measure(giving(Score.of(1)), answers))
                .withMessage("rule:x: 1 scores, must be one per answer: 5");
    }
}
