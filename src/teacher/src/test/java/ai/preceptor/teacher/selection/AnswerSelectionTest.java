package ai.preceptor.teacher.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Text;
import ai.preceptor.teacher.elicit.Elicited;
import ai.preceptor.teacher.elicit.LeftOut;
import ai.preceptor.teacher.elicit.ScoredAnswer;
import ai.preceptor.teacher.elicit.WrittenRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnswerSelectionTest {
    private static final long SEED = 20261129;

    private static AnswerSelection selection(SelectionRule rule, @Nullable Double threshold, @Nullable Integer most) {
        return new AnswerSelection(rule, threshold, most, false);
    }

    private static ScoredAnswer answer(String text, double score) {
        return new ScoredAnswer(text, true, Score.of(score));
    }

    private static Elicited group(String prompt, ScoredAnswer... answers) {
        return new Elicited(Prompt.plain(prompt), List.of(answers));
    }

    private static List<String> texts(WrittenRows<Demonstration> written) {
        return written.rows().stream().map(row -> row.completion().asString()).toList();
    }

    @Test
    void bestOfN_keepsTheFirstOfTheBest() {
        WrittenRows<Demonstration> written = selection(SelectionRule.BEST_OF_N, null, null)
                .demonstrations(List.of(
                        group("p", answer("a", 1), answer("b", 3), answer("c", 3)), group("q", answer("d", -2))));
        assertThat(written.rows())
                .containsExactly(
                        new Demonstration(new Prompt(Text.plain("p"), Map.of("score", 3.0)), Text.plain("b")),
                        new Demonstration(new Prompt(Text.plain("q"), Map.of("score", -2.0)), Text.plain("d")));
        assertThat(written.counts().count(LeftOut.NOT_SELECTED)).isEqualTo(2);
        assertThat(texts(selection(SelectionRule.BEST_OF_N, null, 2)
                        .demonstrations(List.of(group("p", answer("a", 1), answer("b", 2), answer("c", 3))))))
                .containsExactly("c", "b");
    }

    @Test
    void threshold_keepsAllThatReachIt_upToTheMost() {
        List<Elicited> groups =
                List.of(group("p", answer("a", 0.5), answer("b", 0.7), answer("c", 0.49), answer("d", 0.6)));
        assertThat(texts(selection(SelectionRule.THRESHOLD, 0.5, null).demonstrations(groups)))
                .containsExactly("b", "d", "a");
        WrittenRows<Demonstration> capped =
                selection(SelectionRule.THRESHOLD, 0.5, 2).demonstrations(groups);
        assertThat(texts(capped)).containsExactly("b", "d");
        assertThat(capped.counts().leftOut())
                .isEqualTo(Map.of(
                        LeftOut.BLANK, 0, LeftOut.UNSCORED, 0, LeftOut.BELOW_THRESHOLD, 1, LeftOut.NOT_SELECTED, 1));
    }

    @Test
    void verified_keepsWhatTheRuleGivesOne_inTheOrderSampled() {
        WrittenRows<Demonstration> written = selection(SelectionRule.VERIFIED, null, 2)
                .demonstrations(List.of(
                        group("p", answer("a", 0), answer("b", 1), answer("c", 1), answer("d", 1)), group("q")));
        assertThat(texts(written)).containsExactly("b", "c");
        assertThat(written.toRow())
                .isEqualTo(Map.of(
                        "prompts",
                        2,
                        "answers",
                        4,
                        "answers/blank",
                        0,
                        "answers/unscored",
                        0,
                        "answers/wrong",
                        1,
                        "answers/not_selected",
                        1,
                        "answers/unfinished",
                        0,
                        "demonstrations",
                        2));
    }

    @Test
    void everyAnswer_isARowOrCountedByReason() {
        ScoredAnswer cut = new ScoredAnswer("cut", false, Score.of(9));
        List<Elicited> groups = List.of(group(
                "p",
                answer(" ", 1),
                new ScoredAnswer("x", true, Score.unscored("refused")),
                answer("a", 1),
                answer("a", 1),
                cut));
        WrittenRows<Demonstration> strict =
                new AnswerSelection(SelectionRule.BEST_OF_N, null, null, true).demonstrations(groups);
        assertThat(texts(strict)).containsExactly("a");
        assertThat(strict.summary())
                .isEqualTo("1 demonstrations of 5 answers to 1 prompts: 1 blank, 1 unfinished, 1 unscored, 1 duplicate,"
                        + " 1 truncated at the token limit");
        assertThat(texts(selection(SelectionRule.BEST_OF_N, null, null).demonstrations(groups)))
                .containsExactly("cut");
    }

    /** The best of a prompt's answers is at least as good as any other, and all are accounted for. */
    @Test
    void selections_ofAnything_loseNothing() {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            List<Elicited> groups = new ArrayList<>();
            int all = 0;
            for (int p = 0; p < 4; p++) {
                List<ScoredAnswer> answers = new ArrayList<>();
                for (int k = random.nextInt(6); k > 0; k--) {
                    answers.add(new ScoredAnswer(
                            "" + random.nextInt(5), random.nextBoolean(), Score.of(random.nextInt(4) / 2.0)));
                }
                all += answers.size();
                groups.add(new Elicited(Prompt.plain("p" + p), answers));
            }
            for (SelectionRule rule : SelectionRule.values()) {
                WrittenRows<Demonstration> written = new AnswerSelection(
                                rule, rule == SelectionRule.THRESHOLD ? 0.5 : null, 2, random.nextBoolean())
                        .demonstrations(groups);
                assertThat(written.rows().size() + written.counts().leftOutCount())
                        .as("seed %d round %d %s", SEED, round, rule)
                        .isEqualTo(all)
                        .isEqualTo(written.counts().answers());
            }
        }
    }

    @Test
    void severalStudents_areNamed() {
        ScoredAnswer other = new ScoredAnswer("b", true, Score.of(2), "B");
        assertThat(selection(SelectionRule.BEST_OF_N, null, null)
                        .demonstrations(List.of(group("p", new ScoredAnswer("a", true, Score.of(1), "A"), other)))
                        .rows())
                .extracting(row -> row.prompt().columns().get("model"))
                .containsExactly("B");
    }

    @Test
    void impossibleNumbers_areRefused() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> selection(SelectionRule.THRESHOLD, null, null))
                .withMessage("select_threshold: expected a finite score with select=threshold, found none");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> selection(SelectionRule.VERIFIED, 0.5, null))
                .withMessage("select_threshold: expected nothing without select=threshold, found 0.5");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> selection(SelectionRule.VERIFIED, null, 0))
                .withMessage("max_per_prompt: expected an integer in [1, inf), found 0");
    }
}
