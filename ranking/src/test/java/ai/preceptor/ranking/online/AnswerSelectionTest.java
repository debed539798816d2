package ai.preceptor.ranking.online;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.ranking.online.AnswerSelection.Outcome;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerSelectionTest {
    private static final Prompt PROMPT = Prompt.user("Why?");

    private final AnswerSelection pair = new AnswerSelection(Selection.BEST_WORST, 0);
    private final AnswerSelection group = new AnswerSelection(Selection.GROUP, 0);

    @Test
    void bestWorst_takesTheExtremes_theFirstOfEquals() {
        List<Trajectory> answers = List.of(answer(0, 2), answer(1, 5), answer(2, -1), answer(3, 5), answer(4, -1));
        AnswerSelection.Selected selected = pair.of(answers);
        assertThat(selected.outcome()).isEqualTo(Outcome.USED);
        assertThat(selected.answers()).containsExactly(answers.get(1), answers.get(2));
    }

    @Test
    void group_takesAllThatAreScoredAndDiffer_inTheirOrder() {
        List<Trajectory> answers = List.of(answer(0, 2), unscored(1), answer(0, 9), answer(2, 2), answer(3, 1));
        AnswerSelection.Selected selected = group.of(answers);
        assertThat(selected.outcome()).isEqualTo(Outcome.USED);
        assertThat(selected.answers()).containsExactly(answers.get(0), answers.get(3), answers.get(4));
    }

    @Test
    void equalScores_areATie() {
        for (AnswerSelection selection : List.of(pair, group)) {
            assertThat(selection.of(List.of(answer(0, 2), answer(1, 2), unscored(2))))
                    .isEqualTo(AnswerSelection.Selected.none(Outcome.TIE));
        }
    }

    /** Sums of two scorers. */
    @Test
    void scoresEqualButForRounding_areATie() {
        for (AnswerSelection selection : List.of(pair, group)) {
            assertThat(selection
                            .of(List.of(answer(0, 0.1 + 0.2), answer(1, 0.3)))
                            .outcome())
                    .isEqualTo(Outcome.TIE);
        }
    }

    /** A judge that scores the same answer twice otherwise does not make a preference of it. */
    @Test
    void theSameAnswerTwice_isRepeated() {
        for (AnswerSelection selection : List.of(pair, group)) {
            assertThat(selection.of(List.of(answer(7, 1), answer(7, 2))).outcome())
                    .isEqualTo(Outcome.REPEATED);
        }
    }

    @Test
    void fewerThanTwoScores_areUnscored() {
        for (AnswerSelection selection : List.of(pair, group)) {
            assertThat(selection.of(List.of(answer(0, 1), unscored(1))).outcome())
                    .isEqualTo(Outcome.UNSCORED);
        }
    }

    /** 3 - 2.5 is below 1; scores that are equal only without the penalty are no tie, and the other way round. */
    @Test
    void missingEosPenalty_isSubtractedBeforeAnswersAreCompared() {
        AnswerSelection selection = new AnswerSelection(Selection.BEST_WORST, 2.5);
        Trajectory brokenOff = answer(0, 3, FinishReason.LENGTH);
        List<Trajectory> selected =
                selection.of(List.of(brokenOff, answer(1, 1))).answers();
        assertThat(selected).first().isEqualTo(answer(1, 1));
        assertThat(selected.get(1).score()).isEqualTo(Score.of(0.5));
        assertThat(selection
                        .of(List.of(answer(0, 1, FinishReason.LENGTH), answer(1, 1)))
                        .outcome())
                .isEqualTo(Outcome.USED);
        assertThat(selection
                        .of(List.of(answer(0, 3.5, FinishReason.LENGTH), answer(1, 1)))
                        .outcome())
                .isEqualTo(Outcome.TIE);
    }

    private static Trajectory answer(int token, double score) {
        return answer(token, score, FinishReason.STOP);
    }

    private static Trajectory answer(int token, double score, FinishReason reason) {
        return trajectory(token, Score.of(score), reason);
    }

    private static Trajectory unscored(int token) {
        return trajectory(token, Score.unscored("lost"), FinishReason.STOP);
    }

    private static Trajectory trajectory(int token, Score score, FinishReason reason) {
        float[] logps = new float[2];
        Arrays.fill(logps, -1);
        Completion completion = new Completion("a", new int[] {token, 99}, logps, reason);
        return new Trajectory(PROMPT, new int[] {1, 2}, completion, 0, 0, score);
    }
}
