package ai.preceptor.eval;

import static ai.preceptor.eval.Sampled.answers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
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
