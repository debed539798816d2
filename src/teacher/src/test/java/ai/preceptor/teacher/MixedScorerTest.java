package ai.preceptor.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.ArgumentMatchers.anyList;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import ai.preceptor.teacher.MixedScorer.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

class MixedScorerTest extends ScorerContract {
    private final Answer answer = Answer.of(Prompt.plain("q"), "four");

    private static Scorer length() {
        return new RuleScorer("length", answer -> answer.text().asString().length());
    }

    @Override
    protected Scorer scorer() {
        return new MixedScorer("mix", List.of(new Part(length(), 2), new Part(new RuleScorer("one", x -> 1), -0.5)));
    }

    private static Scorer misbehaving() {
        Scorer scorer = mock(Scorer.class);
        when(scorer.name()).thenReturn("odd");
        return scorer;
    }

    @Test
    void score_isTheWeightedSum() {
        assertThat(scorer().score(List.of(answer)))
                .containsExactly(Score.of(2 * 4 - 0.5)
                        .with(List.of(new Score.Part("rule:length", 4, 2), new Score.Part("rule:one", 1, -0.5))));
    }

    @Test
    void score_withEqualWeights_isTheMean() {
        double third = 1.0 / 3;
        Scorer ensemble = new MixedScorer(
                "three",
                List.of(
                        new Part(length(), third),
                        new Part(new RuleScorer("one", x -> 1), third),
                        new Part(new RuleScorer("ten", x -> 10), third)));
        assertThat(ensemble.score(List.of(answer)).get(0).value()).isCloseTo(5, within(1e-12));
    }

    /** In doubles 0.1 + 0.2 is more than 0.3. */
    @Test
    void score_ofEqualSums_isEqual() {
        Scorer mix = new MixedScorer(
                "mix",
                List.of(new Part(new RuleScorer("one", x -> 1), 0.1), new Part(new RuleScorer("two", x -> 1), 0.2)));
        assertThat(mix.score(List.of(answer)).get(0).value()).isEqualTo(0.3);
        Scorer large = new MixedScorer("mix", List.of(new Part(new RuleScorer("large", x -> 1e300), 1)));
        assertThat(large.score(List.of(answer)).get(0).value()).isEqualTo(1e300);
    }

    /** 2 x 0.5 at token 1 and 2 x 0.25 at the last of four; there the other part's -0.5 x 1 is added. */
    @Test
    void score_ofAPartThatScoresTokens_placesTheOthersAtTheLast() {
        Scorer steps = misbehaving();
        Score ofSteps = Score.of(0.25).withTokens(List.of(new Score.TokenScore(1, 0.5), new Score.TokenScore(3, 0.25)));
        when(steps.score(anyList())).thenReturn(List.of(ofSteps, Score.of(0.75)));
        Scorer mix = new MixedScorer("mix", List.of(new Part(steps, 2), new Part(new RuleScorer("one", x -> 1), -0.5)));
        Answer sampled = new Answer(answer.prompt(), answer.text(), new int[] {1, 2, 3, 4});
        List<Score> scores = mix.score(List.of(sampled, sampled));
        assertThat(scores.get(0).value()).isEqualTo(0);
        assertThat(scores.get(0).tokenScores()).containsExactly(new Score.TokenScore(1, 1), new Score.TokenScore(3, 0));
        assertThat(scores.get(1).tokenScores()).isEmpty();
    }

    @Test
    void score_withoutAPartIsNone() {
        Scorer odd = misbehaving();
        when(odd.score(anyList())).thenReturn(List.of(Score.unscored("timed out"), Score.of(3)));
        List<Score> scores =
                new MixedScorer("mix", List.of(new Part(length(), 1), new Part(odd, 1))).score(List.of(answer, answer));
        assertThat(scores)
                .containsExactly(
                        Score.unscored("odd: timed out")
                                .with(List.of(
                                        new Score.Part("rule:length", 4, 1), new Score.Part("odd", Double.NaN, 1))),
                        Score.of(7).with(List.of(new Score.Part("rule:length", 4, 1), new Score.Part("odd", 3, 1))));
    }

    @Test
    void score_ofTwoOfOneName_tellsThemApart() {
        MixedScorer twice = new MixedScorer("mix", List.of(new Part(length(), 1), new Part(length(), 2)));
        assertThat(twice.score(List.of(answer)).get(0).parts())
                .extracting(Score.Part::name)
                .containsExactly("rule:length", "rule:length#2");
    }

    @Test
    void score_ofAPartThatLosesAnswersIsAnError() {
        Scorer odd = misbehaving();
        when(odd.score(anyList())).thenReturn(List.of(Score.of(3)));
        MixedScorer scorer = new MixedScorer("mix", List.of(new Part(odd, 1)));
        assertThatExceptionOfType(ScorerException.class)
                .isThrownBy(() -> scorer.score(List.of(answer, answer)))
                .withMessage("odd: 1 scores, must be one per answer: 2");
    }

    @Test
    void score_thatOverflowsIsNone() {
        Scorer large = new RuleScorer("large", x -> Double.MAX_VALUE);
        assertThat(new MixedScorer("mix", List.of(new Part(large, 2)))
                        .score(List.of(answer))
                        .get(0)
                        .problem())
                .isEqualTo("mix: the weighted sum is Infinity");
    }

    @Test
    void close_closesAllPartsAndThenSaysWhatFailed() {
        Scorer odd = misbehaving();
        Scorer good = mock(Scorer.class);
        doThrow(new IllegalStateException("still busy")).when(odd).close();
        MixedScorer scorer = new MixedScorer("mix", List.of(new Part(odd, 1), new Part(good, 1)));
        assertThatExceptionOfType(ScorerException.class)
                .isThrownBy(scorer::close)
                .withMessageContaining("odd: cannot be closed")
                .withMessageContaining("still busy");
        verify(good).close();
    }

    @Test
    void constructor_refusesNothingAndWeightsThatAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MixedScorer("mix", List.of()))
                .withMessage("parts of mix: 0, must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Part(length(), Double.NaN))
                .withMessage("weight of rule:length: NaN, must be finite");
    }
}
