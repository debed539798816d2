package ai.preceptor.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RuleScorerTest extends ScorerContract {
    private final Prompt prompt = new Prompt(Prompt.plain("2 + 3 =").text(), Map.of("solution", "5"));

    @Override
    protected Scorer scorer() {
        return new RuleScorer("length", answer -> answer.text().asString().length());
    }

    private static double solves(Answer answer) {
        Object solution = Objects.requireNonNull(answer.prompt().columns().get("solution"), "no column solution");
        return answer.text().asString().equals(solution) ? 1 : 0;
    }

    @Test
    void score_isTheRules() {
        RuleScorer scorer = new RuleScorer("solves", RuleScorerTest::solves);
        assertThat(scorer.name()).isEqualTo("rule:solves");
        assertThat(scorer.score(List.of(Answer.of(prompt, "5"), Answer.of(prompt, "6"))))
                .containsExactly(Score.of(1), Score.of(0));
    }

    /** A failing rule says nothing about the answer: not a 0, which here means wrong. */
    @Test
    void score_whereTheRuleFailsIsNone() {
        RuleScorer scorer = new RuleScorer("solves", RuleScorerTest::solves);
        List<Score> scores = scorer.score(List.of(Answer.of(Prompt.plain("no columns"), "5"), Answer.of(prompt, "5")));
        assertThat(scores.get(0).problem())
                .isEqualTo("rule:solves failed: java.lang.NullPointerException: no column solution");
        assertThat(scores.get(1)).isEqualTo(Score.of(1));
    }

    @Test
    void score_thatIsNoNumberIsNone() {
        RuleScorer scorer = new RuleScorer("ratio", answer -> 0.0 / 0.0);
        assertThat(scorer.score(List.of(Answer.of(prompt, "5"))).get(0).problem())
                .isEqualTo("rule:ratio gave NaN");
    }

    @Test
    void score_whereTheRuleAlwaysFailsIsAnError() {
        RuleScorer scorer = new RuleScorer("solves", RuleScorerTest::solves);
        Answer answer = Answer.of(Prompt.plain("no columns"), "5");
        assertThatExceptionOfType(ScorerException.class)
                .isThrownBy(() -> scorer.score(List.of(answer, answer)))
                .withMessageStartingWith("rule:solves: failed for all of 2 answers")
                .withCauseInstanceOf(NullPointerException.class);
    }
}
