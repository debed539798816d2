package ai.preceptor.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every scorer owes whose scores depend on nothing but the answer. */
public abstract class ScorerContract {
    private static final long SEED = 20261124;
    private static final double ROUNDING = 1e-4;

    /** A scorer that can score plain answers; called once a test. */
    protected abstract Scorer scorer();

    private static List<Answer> answers() {
        Prompt first = Prompt.plain("Name a colour:");
        Prompt second = Prompt.plain("Name a bird:");
        return List.of(
                Answer.of(first, " red"),
                Answer.of(second, " a wren in the hedge"),
                Answer.of(first, " a dark blue, almost black"),
                Answer.of(second, " owl"),
                Answer.of(first, " red"));
    }

    @Test
    void name_saysSomething() {
        try (Scorer scorer = scorer()) {
            assertThat(scorer.name()).isNotBlank();
        }
    }

    @Test
    void score_givesOnePerAnswer() {
        try (Scorer scorer = scorer()) {
            assertThat(scorer.score(answers())).hasSize(5).allMatch(Score::isScored);
            assertThat(scorer.score(List.of())).isEmpty();
        }
    }

    @Test
    void score_isTheAnswersOwn() {
        try (Scorer scorer = scorer()) {
            List<Score> together = scorer.score(answers());
            assertThat(together).allMatch(Score::isScored);
            List<Answer> shuffled = new ArrayList<>(answers());
            Collections.shuffle(shuffled, new Random(SEED));
            List<Score> otherwise = scorer.score(shuffled);
            for (int i = 0; i < together.size(); i++) {
                Answer answer = answers().get(i);
                double value = together.get(i).value();
                assertThat(scorer.score(List.of(answer)).get(0).value()).isCloseTo(value, within(ROUNDING));
                assertThat(otherwise.get(shuffled.indexOf(answer)).value())
                        .as("seed %d, %s", SEED, answer)
                        .isCloseTo(value, within(ROUNDING));
            }
        }
    }

    @Test
    void score_ofEqualAnswersIsEqual() {
        try (Scorer scorer = scorer()) {
            List<Score> scores = scorer.score(answers());
            assertThat(scores.get(0)).isEqualTo(scores.get(4));
        }
    }
}
