package ai.preceptor.teacher.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.Text;
import ai.preceptor.teacher.Comparison;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Judging by replies: what they mean, by hand, and what they must not mean. */
class ReplyModesTest {
    private static final Prompt PROMPT = Prompt.user("Name a bird.");
    private static final String GRADES = "helpfulness: 5\nhonesty: 4\ninstruction following: 3\ntruthfulness: 2";

    private static final Prompt RUBRIC = new Prompt(
            Text.chat(ai.preceptor.data.Message.user("Name a bird.")),
            Map.of(
                    "rubrics",
                    List.of(
                            Map.of("criterion", "Names a bird.", "points", 7),
                            Map.of("criterion", "Says where it lives.", "points", 5),
                            Map.of("criterion", "Is short.", "points", 10),
                            Map.of("criterion", "Is rude.", "points", -6))));

    private static Scorer scorer(TeacherMode mode, String reply) {
        return JudgeSettings.of(mode).scorer(ScriptedChat.saying(request -> reply), 0);
    }

    private static Score score(TeacherMode mode, Prompt prompt, String reply) {
        return scorer(mode, reply).score(List.of(Answer.of(prompt, "owl"))).get(0);
    }

    @Test
    void aspects_areParts_andTheScoreIsTheirMean() {
        Score score = score(TeacherMode.ASPECTS, PROMPT, "It is a bird.\nShort.\n\n" + GRADES);
        assertThat(score.value()).isEqualTo(3.5);
        assertThat(score.parts())
                .containsExactly(
                        new Score.Part("helpfulness", 5, 0.25),
                        new Score.Part("honesty", 4, 0.25),
                        new Score.Part("instruction_following", 3, 0.25),
                        new Score.Part("truthfulness", 2, 0.25));
        assertThat(score.critique()).isEqualTo("It is a bird.\nShort.");
    }

    @Test
    void aspects_withOneMissing_areNoScore_andTheOthersAreKept() {
        Score score = score(TeacherMode.ASPECTS, PROMPT, "helpfulness: 5\nhonesty: 4\ntruthfulness: 2");
        assertThat(score.problem())
                .isEqualTo("reply: expected a grade of each aspect, found none of instruction following");
        assertThat(score.parts()).extracting(Score.Part::value).containsExactly(5.0, 4.0, Double.NaN, 2.0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "five stars",
                "helpfulness: 6",
                "Helpfulness: 5",
                "helpfulness: 5.5",
                "helpfulness: ٣",
                "helpfulness: 5\nhonesty: 4\ninstruction following: 3\ntruthfulness: 2\nI mean it.",
                "honesty: 5\nhelpfulness: 5\nhonesty: 4\ninstruction following: 3\ntruthfulness: 2",
                "helpfulness: 5\nThe answer says so.\nhonesty: 4\ninstruction following: 3\ntruthfulness: 2"
            })
    void aspects_anythingElse_isNoScore(String reply) {
        Score score = score(TeacherMode.ASPECTS, PROMPT, reply);
        assertThat(score.isScored()).isFalse();
        assertThat(score.problem()).startsWith("reply: expected ");
    }

    /** HealthBench's own example of the arithmetic: 7 + 10 - 6 of 22. */
    @Test
    void rubric_isTheShareOfThePoints() {
        Score score = score(TeacherMode.RUBRIC, RUBRIC, "Yes and no.\n1: met\n2: not met\n3: met\n4: met");
        assertThat(score.value()).isCloseTo(11 / 22.0, within(1e-12));
        assertThat(score.critique()).isEqualTo("Yes and no.");
    }

    @Test
    void rubric_isClipped() {
        Rubric rubric = Rubric.of(RUBRIC);
        assertThat(rubric.score(Set.of(3))).isZero();
        assertThat(rubric.score(Set.of(0, 1, 2))).isEqualTo(1);
        assertThat(rubric.score(Set.of())).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1: met\n2: met\n3: met",
                "1: met\n2: met\n3: met\n4: met\n5: met",
                "1: met\n1: met\n2: met\n3: met\n4: met",
                "1: yes\n2: met\n3: met\n4: met",
                "1: met\n2: met\n3: met\n4: perhaps",
                "All met.",
                ""
            })
    void rubric_anythingElse_isNoScore(String reply) {
        Score score = score(TeacherMode.RUBRIC, RUBRIC, reply);
        assertThat(score.problem()).startsWith("reply: expected ");
    }

    @Test
    void rubric_asksForTheCriteriaWithoutTheirPoints_andNothingWithoutARubric() {
        ScriptedChat model = ScriptedChat.saying(request -> "1: met\n2: met\n3: met\n4: not met");
        List<Score> scores = JudgeSettings.of(TeacherMode.RUBRIC)
                .scorer(model, 0)
                .score(List.of(Answer.of(PROMPT, "owl"), Answer.of(RUBRIC, "owl")));
        assertThat(scores.get(0).problem()).isEqualTo("rubrics: expected a list of {criterion, points}, found none");
        assertThat(scores.get(1)).isEqualTo(Score.of(1));
        assertThat(model.asked).hasSize(1);
        assertThat(ScriptedChat.question(model.asked.get(0)))
                .contains("1. Names a bird.\n2. Says where it lives.\n3. Is short.\n4. Is rude.");
    }

    @Test
    void rubric_thatIsNone_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rubric.of(rubric(Map.of("criterion", "Is rude.", "points", -6))))
                .withMessage("rubrics: expected a criterion with positive points, found none among 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rubric.of(rubric(Map.of("criterion", "Is rude."))))
                .withMessage("rubrics[0]: expected a text criterion and a number points, found {criterion=Is rude.}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rubric.of(rubric(Map.of("criterion", " ", "points", 1))))
                .withMessage("rubrics[0].criterion: expected words, found none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rubric.of(rubric(Map.of("criterion", "x", "points", 0))))
                .withMessage("rubrics[0].points: expected a finite number other than 0, found 0.0");
    }

    private static Prompt rubric(Map<String, Object> item) {
        return new Prompt(PROMPT.text(), Map.of("rubrics", List.of(item)));
    }

    @Test
    void votes_areCountedAsTheirMean_andThoseThatCannotBeReadAreLeftOut() {
        List<String> replies = List.of("Good.\nScore: 8", "ten of ten", "Score: 8", "Score: 5");
        AtomicInteger next = new AtomicInteger();
        ScriptedChat model = ScriptedChat.saying(request -> replies.get(next.getAndIncrement()));
        Scorer scorer = new JudgeSettings(TeacherMode.SCORE, null, 64, 4, null, null, null, null).scorer(model, 7);
        Score score = scorer.score(List.of(Answer.of(PROMPT, "owl"))).get(0);
        assertThat(score).isEqualTo(Score.of(7).with("Good."));
        assertThat(scorer.metrics())
                .containsEntry("judge/vote_agreement", 2 / 3.0)
                .containsEntry("judge/undecided", 0.0);
        assertThat(model.asked).extracting(request -> request.sampling().seed()).containsExactly(7L, 8L, 9L, 10L);
        assertThat(model.asked).allMatch(request -> request.sampling().temperature() == 1);
    }

    @Test
    void votes_onPairs_areTheMeanPreference() {
        List<String> replies = List.of("Verdict: A", "Verdict: tie", "Verdict: A", "Verdict: B", "Verdict: B", "no");
        AtomicInteger next = new AtomicInteger();
        Judge judge = new JudgeSettings(TeacherMode.COMPARE, null, 64, 3, 0.5, null, null, null)
                .judge(ScriptedChat.saying(request -> replies.get(next.getAndIncrement())), 0);
        Verdict verdict = judge.compare(List.of(new Comparison(PROMPT, PROMPT.reply("owl"), PROMPT.reply("wren"))))
                .get(0);
        // as asked (1 + 0.5 + 1) / 3, turned 0
        assertThat(verdict.preference()).isCloseTo((2.5 / 3 + 1) / 2, within(1e-12));
        assertThat(judge.stats().toRow()).containsEntry("judge/vote_agreement", (2 / 3.0 + 1) / 2);
    }

    @Test
    void votes_withEqualReplies_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Votes(3, 0, 1, 10))
                .withMessage("temperature of 3 votes: received 0.0, expected a finite number, above 0");
    }

    @Test
    void aFailedCall_isNoScore() {
        Score score = JudgeSettings.of(TeacherMode.ASPECTS)
                .scorer(ScriptedChat.saying(request -> null), 0)
                .score(List.of(Answer.of(PROMPT, "owl")))
                .get(0);
        assertThat(score).isEqualTo(Score.unscored("status 500"));
    }
}
