package ai.preceptor.teacher.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Answer;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.teacher.Comparison;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.Verdict;
import ai.preceptor.teacher.chat.LabelRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Judging by the probabilities of words: the formulas, by hand. */
class LabelModesTest {
    private static final Prompt PROMPT = Prompt.user("Name a bird.");
    private static final Comparison OWL_WREN = new Comparison(PROMPT, PROMPT.reply("owl"), PROMPT.reply("wren"));

    /** In this order p(A) = 0.9, with the owl as A; turned round p(A) = 0.6, with the wren as A. */
    private static double[] biased(LabelRequest request) {
        String question = ScriptedChat.question(request);
        double p = question.indexOf("owl") < question.indexOf("wren") ? 0.9 : 0.6;
        // half of the probability is that of other words
        return new double[] {Math.log(p / 2), Math.log((1 - p) / 2)};
    }

    private static JudgeSettings settings(TeacherMode mode, Double clamp, List<String> labels) {
        return new JudgeSettings(mode, null, 512, 1, null, null, labels, clamp);
    }

    @Test
    void probability_isTheMeanOfBothOrders() {
        ScriptedChat model = ScriptedChat.reading(LabelModesTest::biased);
        Judge judge = JudgeSettings.of(TeacherMode.PROBABILITY).judge(model, 0);
        // 1/2 [p(A; 1, 2) + p(B; 2, 1)] = (0.9 + 0.4) / 2
        assertThat(judge.compare(List.of(OWL_WREN)).get(0).preference()).isCloseTo(0.65, within(1e-12));
        assertThat(judge.compare(List.of(OWL_WREN.swapped())).get(0).preference())
                .isCloseTo(0.35, within(1e-12));
        assertThat(model.read.get(0).labels()).containsExactly("A", "B");
        assertThat(judge.stats().questions()).isEqualTo(2);
        assertThat(judge.stats().bias().disagreementRate()).isEqualTo(1);
        assertThat(judge.stats().bias().firstPreference()).isCloseTo(0.75, within(1e-12));
    }

    @Test
    void probability_clamped_isNeverSure() {
        ScriptedChat model = ScriptedChat.reading(LabelModesTest::biased);
        Judge judge = settings(TeacherMode.PROBABILITY, 0.4, null).judge(model, 0);
        assertThat(judge.compare(List.of(OWL_WREN, OWL_WREN.swapped())))
                .extracting(Verdict::preference)
                .containsExactly(0.6, 0.4);
    }

    @Test
    void probability_ofAGroup_isTheMeanOverTheOthers() {
        Scorer scorer = JudgeSettings.of(TeacherMode.PROBABILITY)
                .scorer(
                        ScriptedChat.reading(request -> {
                            String question = ScriptedChat.question(request);
                            int first = Math.min(
                                    place(question, "owl"), Math.min(place(question, "wren"), place(question, "cat")));
                            double p = first == place(question, "cat") ? 0.2 : 0.7;
                            return new double[] {Math.log(p), Math.log(1 - p)};
                        }),
                        0);
        List<Score> scores = scorer.score(List.of(answer("owl"), answer("wren"), answer("cat")));
        // owl, wren: (0.7 + 0.3) / 2; owl, cat and wren, cat: (0.7 + 0.8) / 2
        assertThat(scores.get(0).value()).isCloseTo((0.5 + 0.75) / 2, within(1e-12));
        assertThat(scores.get(1).value()).isCloseTo((0.5 + 0.75) / 2, within(1e-12));
        assertThat(scores.get(2).value()).isCloseTo(0.25, within(1e-12));
        assertThat(scorer.metrics()).containsKey("judge/disagreement");
    }

    private static int place(String question, String word) {
        int found = question.indexOf(">\n" + word);
        return found < 0 ? Integer.MAX_VALUE : found;
    }

    @Test
    void yesNo_isTheDifferenceOfLogProbabilities() {
        Scorer scorer = JudgeSettings.of(TeacherMode.YES_NO)
                .scorer(
                        ScriptedChat.reading(request ->
                                ScriptedChat.question(request).contains("owl") ? new double[] {-0.25, -2.0} : null),
                        0);
        List<Score> scores = scorer.score(List.of(answer("owl"), answer("cat")));
        assertThat(scores.get(0)).isEqualTo(Score.of(1.75));
        assertThat(scores.get(1)).isEqualTo(Score.unscored("not among the likeliest tokens"));
        assertThat(scorer.metrics()).isEqualTo(Map.of("judge/questions", 2L, "judge/undecided", 0.5));
    }

    @Test
    void reading_withoutAValue_isNoVerdict() {
        Judge judge = JudgeSettings.of(TeacherMode.PROBABILITY).judge(ScriptedChat.reading(request -> null), 0);
        assertThat(judge.compare(List.of(OWL_WREN)))
                .containsExactly(Verdict.undecided("not among the likeliest tokens"));
        assertThat(judge.stats().undecided()).isEqualTo(1);
    }

    @Test
    void words_ofTheUser_areRead_andThoseOfSeveralTokensAreRefusedBeforeAnythingIsAsked() {
        ScriptedChat model = ScriptedChat.reading(request -> new double[] {0, -1});
        settings(TeacherMode.YES_NO, null, List.of("Ja", "No")).scorer(model, 0).score(List.of(answer("owl")));
        assertThat(model.read.get(0).labels()).containsExactly("Ja", "No");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> settings(TeacherMode.YES_NO, null, List.of("right", "wrong"))
                        .scorer(model, 0))
                .withMessageContaining("expected words of one token, found right");
        assertThat(model.read).hasSize(1);
    }

    private static Answer answer(String text) {
        return Answer.of(PROMPT, text);
    }
}
