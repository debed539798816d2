package ai.preceptor.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import java.util.List;
import org.junit.jupiter.api.Test;

class LikelihoodScorerTest extends ScorerContract {
    private final LetterModel model = new LetterModel();
    private final Prompt prompt = Prompt.plain("a");

    private LikelihoodScorer scorer(Likelihood likelihood, int rowsPerPass, int maxLength) {
        return new LikelihoodScorer("letters", model, new CharEncoder(), likelihood, rowsPerPass, maxLength);
    }

    @Override
    protected Scorer scorer() {
        return scorer(Likelihood.MEAN, 1000, 1000);
    }

    /** a to c, c to b, b (98) to the end of the answer (2): -0.2, -0.1, -9.6. */
    @Test
    void score_isTheMeanOverTheAnswersTokens() {
        Score score = scorer().score(List.of(Answer.of(prompt, "cb"))).get(0);
        assertThat(score.value()).isCloseTo((-0.2 - 0.1 - 9.6) / 3, within(1e-6));
    }

    @Test
    void score_mayBeTheSum() {
        Score score = scorer(Likelihood.SUM, 1000, 1000)
                .score(List.of(Answer.of(prompt, "cb")))
                .get(0);
        assertThat(score.value()).isCloseTo(-0.2 - 0.1 - 9.6, within(1e-6));
    }

    /** Prompts 1 + 1 and 1 + 2 tokens; the answers feed all but their last token: 1, 2 and 1. */
    @Test
    void score_ofScatteredAnswersSharesTheirPrompt() {
        Prompt other = Prompt.plain("xy");
        List<Score> scores =
                scorer().score(List.of(Answer.of(prompt, "b"), Answer.of(other, "yz"), Answer.of(prompt, "c")));
        assertThat(model.passes).hasSize(1);
        assertThat(model.passes.get(0).rows()).isEqualTo(2 + 1 + 1 + 3 + 2);
        assertThat(scores.get(0).value()).isCloseTo((-0.1 - 9.6) / 2, within(1e-6));
        assertThat(scores.get(1).value()).isCloseTo((0 - 0.1 - 12) / 3, within(1e-6));
        assertThat(scores.get(2).value()).isCloseTo((-0.2 - 9.7) / 2, within(1e-6));
    }

    @Test
    void score_ofEqualAnswersAsksOnce() {
        Answer answer = Answer.of(prompt, "b");
        List<Score> scores = scorer().score(List.of(answer, answer, Answer.of(prompt, "b")));
        assertThat(model.answersAsked()).isEqualTo(1);
        assertThat(scores).hasSize(3).containsOnly(scores.get(0));
    }

    @Test
    void score_ofWhatCannotBeScoredSaysWhyAndSparesTheOthers() {
        List<Score> scores = scorer(Likelihood.MEAN, 1000, 5)
                .score(List.of(
                        Answer.of(prompt, " "),
                        Answer.of(prompt, "abcd"),
                        Answer.of(prompt, "b#"),
                        Answer.of(Prompt.plain("#"), "b"),
                        Answer.of(prompt, "bc")));
        assertThat(scores.stream().limit(4).map(Score::problem))
                .containsExactly(
                        "empty answer",
                        "too long: prompt and answer have 7 tokens, at most 5",
                        "text: found # in \"b#\"",
                        "text: found # in \"#\"");
        assertThat(scores.get(4).isScored()).isTrue();
        assertThat(model.answersAsked()).isEqualTo(1);
    }

    @Test
    void score_ofInfinitelyUnlikelyTokensIsNone() {
        Scorer scorer = new LikelihoodScorer(
                "broken",
                batch -> new float[] {-1, Float.NEGATIVE_INFINITY},
                new CharEncoder(),
                Likelihood.MEAN,
                1000,
                10);
        assertThat(scorer.score(List.of(Answer.of(prompt, "b"))).get(0).problem())
                .isEqualTo("the log-probability is -Infinity");
    }

    @Test
    void options_refuseWhatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scorer(Likelihood.MEAN, 1000, 1))
                .withMessage("max_length: 1, must be at least 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scorer(Likelihood.SUM, 0, 2))
                .withMessage("rows per pass: 0, must be at least 1");
    }
}
