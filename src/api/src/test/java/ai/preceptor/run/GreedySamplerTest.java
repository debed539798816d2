package ai.preceptor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.TeacherException;
import ai.preceptor.data.Text;
import ai.preceptor.rollout.actor.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class GreedySamplerTest {
    private static final RetryPolicy AT_ONCE = RetryPolicy.standard().withFirstDelay(Duration.ZERO);

    private final List<List<String>> calls = new ArrayList<>();

    /** Scores answers by what a function makes of their texts. */
    private Scorer scorer(Function<List<String>, List<Score>> scores) {
        return new Scorer() {
            @Override
            public String name() {
                return "judge";
            }

            @Override
            public List<Score> score(List<Answer> answers) {
                List<String> texts =
                        answers.stream().map(answer -> answer.text().asString()).toList();
                calls.add(texts);
                return scores.apply(texts);
            }
        };
    }

    private static List<Score> lengths(List<String> texts) {
        return texts.stream().map(text -> Score.of(text.length())).toList();
    }

    private static List<Answer> answers(String... texts) {
        return List.of(texts).stream()
                .map(text -> new Answer(Prompt.plain("p"), Text.plain(text)))
                .toList();
    }

    @Test
    void scored_whereNothingFails_isOneCall() {
        List<Score> scores = GreedySampler.scored(scorer(GreedySamplerTest::lengths), answers("a", "bc"), AT_ONCE);

        assertThat(scores).containsExactly(Score.of(1), Score.of(2));
        assertThat(calls).containsExactly(List.of("a", "bc"));
    }

    @Test
    void scored_oneAnswerFails_onlyItIsUnscoredAfterThreeRetries() {
        Scorer picky = scorer(texts -> {
            if (texts.contains("bad")) {
                throw new IllegalStateException("cannot read this");
            }
            return lengths(texts);
        });

        List<Score> scores = GreedySampler.scored(picky, answers("a", "bad", "bc"), AT_ONCE);

        assertThat(scores).containsExactly(Score.of(1), Score.unscored("judge failed: cannot read this"), Score.of(2));
        assertThat(calls)
                .containsExactly(
                        List.of("a", "bad", "bc"),
                        List.of("a"),
                        List.of("bad"),
                        List.of("bc"),
                        List.of("bad"),
                        List.of("bad"),
                        List.of("bad"));
    }

    @Test
    void scored_failureThatPasses_isRetriedUntilItDoes() {
        Scorer waking = scorer(texts -> {
            if (calls.size() < 4) {
                throw new IllegalStateException("not up yet");
            }
            return lengths(texts);
        });

        assertThat(GreedySampler.scored(waking, answers("a", "bc"), AT_ONCE)).containsExactly(Score.of(1), Score.of(2));
        assertThat(GreedySampler.scored(waking, answers("abc"), AT_ONCE)).containsExactly(Score.of(3));
    }

    @Test
    void scored_aListOfAnotherLength_isAFailure() {
        Scorer brief = scorer(texts -> List.of());

        assertThat(GreedySampler.scored(brief, answers("a"), AT_ONCE))
                .singleElement()
                .satisfies(score -> assertThat(score.problem()).contains("judge: 0 scores"));
        assertThat(calls).hasSize(4);
    }

    @Test
    void scored_teacherThatFailedForGood_endsTheRun() {
        Scorer gone = scorer(texts -> {
            throw new TeacherException("license expired");
        });

        assertThatThrownBy(() -> GreedySampler.scored(gone, answers("a", "b"), AT_ONCE))
                .isInstanceOf(TeacherException.class)
                .hasMessage("license expired");
        assertThat(calls).hasSize(1);
    }
}
