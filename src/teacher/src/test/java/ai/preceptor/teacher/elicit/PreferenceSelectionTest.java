package ai.preceptor.teacher.elicit;

import static ai.preceptor.teacher.elicit.Fakes.answer;
import static ai.preceptor.teacher.elicit.Fakes.elicited;
import static ai.preceptor.teacher.elicit.Fakes.unscored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Score;
import ai.preceptor.data.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PreferenceSelectionTest {
    private static final long SEED = 20261124;

    private static PreferenceSelection all(double minGap) {
        return new PreferenceSelection(PairRule.ALL_PAIRS, minGap, false);
    }

    private static Preference pair(String prompt, String chosen, String rejected) {
        return new Preference(Prompt.plain(prompt), Text.plain(chosen), Text.plain(rejected));
    }

    @Test
    void select_withATemperature_saysHowSureTheTeacherIs() {
        RankedGroup group = new RankedGroup(
                Prompt.plain("q"), List.of(Text.plain("a"), Text.plain("b"), Text.plain("c")), List.of(1.0, 3.0, 1.5));
        List<Preference> pairs =
                PairRule.ALL_PAIRS.pairs(group, new PreferenceSelection(PairRule.ALL_PAIRS, 1, false, 2.0));
        assertThat(pairs)
                .extracting(Preference::chosenProbability)
                .containsExactly(1 / (1 + Math.exp(-1)), 1 / (1 + Math.exp(-0.75)));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new PreferenceSelection(PairRule.ALL_PAIRS, 1, false, 0.0))
                .withMessage("probability_temperature: expected a number in (0, inf), found 0.0");
    }

    @Test
    void select_keepsTheOrderSampledAndPairsTheBestWithTheWorst() {
        Elicitation result = new PreferenceSelection(PairRule.BEST_WORST, 0, false)
                .select(List.of(elicited("p", answer("b", 2), answer("c", 3), answer("a", 1))), 0);
        assertThat(result.groups())
                .containsExactly(new RankedGroup(
                        Prompt.plain("p"),
                        List.of(Text.plain("b"), Text.plain("c"), Text.plain("a")),
                        List.of(2.0, 3.0, 1.0)));
        assertThat(result.preferences()).containsExactly(pair("p", "c", "a"));
    }

    /** Of three scores 1, 2, 2 the pairs are 2 > 1 twice; the tie is none. */
    @Test
    void select_ofAllPairsSkipsTies() {
        Elicitation result = all(0).select(List.of(elicited("p", answer("a", 1), answer("b", 2), answer("c", 2))), 0);
        assertThat(result.preferences()).containsExactly(pair("p", "b", "a"), pair("p", "c", "a"));
    }

    /** Gaps: c - a = 3, c - b = 2, b - a = 1. */
    @Test
    void select_ofAllPairsWantsTheGap() {
        Elicited row = elicited("p", answer("a", 1), answer("b", 2), answer("c", 4));
        assertThat(all(2).select(List.of(row), 0).preferences())
                .containsExactly(pair("p", "c", "a"), pair("p", "c", "b"));
    }

    /** In doubles 0.3 - 0.1 is less than 0.2. */
    @Test
    void select_aGapThatIsTheLeastButForRounding_isEnough() {
        Elicited row = elicited("p", answer("a", 0.1), answer("b", 0.3));
        PreferenceSelection selection = new PreferenceSelection(PairRule.BEST_WORST, 0.2, true);
        assertThat(selection.select(List.of(row), 0).preferences())
                .extracting(Preference::margin)
                .containsExactly(0.2);
        assertThat(all(0.2).select(List.of(row), 0).preferences()).containsExactly(pair("p", "b", "a"));
    }

    @Test
    void select_mayGiveTheGapAsMargin() {
        PreferenceSelection selection = new PreferenceSelection(PairRule.BEST_WORST, 0, true);
        assertThat(selection
                        .select(List.of(elicited("p", answer("a", 1), answer("b", 2.5))), 0)
                        .preferences())
                .extracting(Preference::margin)
                .containsExactly(1.5);
    }

    @Test
    void select_countsWhatBecameOfEverything() {
        Elicitation result = all(1).select(
                        List.of(
                                elicited("kept", answer("a", 1), answer("b", 2), answer("a", 1), answer(" ", 9)),
                                elicited("one left", answer("a", 1), unscored("b", "timed out"), answer("", 0)),
                                elicited("tie", answer("a", 1), answer("b", 1)),
                                elicited("minus zero", answer("a", -0.0), answer("b", 0.0)),
                                elicited("close", answer("a", 1), answer("b", 1.5)),
                                elicited("same", answer("a", 1), answer("a", 1)),
                                elicited("silent", unscored("a", "timed out"), unscored("b", "refused"))),
                        3);
        ElicitationReport report = result.report();
        assertThat(report.prompts())
                .isEqualTo(Map.of(
                        GroupOutcome.KEPT,
                        1,
                        GroupOutcome.TOO_FEW_ANSWERS,
                        3,
                        GroupOutcome.TIE,
                        2,
                        GroupOutcome.BELOW_MIN_GAP,
                        1));
        assertThat(report.answers())
                .isEqualTo(Map.of(
                        AnswerOutcome.COMPARED,
                        10,
                        AnswerOutcome.BLANK,
                        2,
                        AnswerOutcome.UNSCORED,
                        3,
                        AnswerOutcome.DUPLICATE,
                        2));
        assertThat(report.problems()).isEqualTo(Map.of("timed out", 2, "refused", 1));
        assertThat(report.preferences()).isEqualTo(1);
        assertThat(report.resumed()).isEqualTo(3);
        assertThat(result.groups()).hasSize(1);
    }

    @Test
    void select_countsAnswersThatWereCutOff() {
        Elicited row = elicited("p", answer("a", 1), new ScoredAnswer("b", false, Score.of(2)));
        assertThat(all(0).select(List.of(row), 0).report().unfinished()).isEqualTo(1);
    }

    /** Whatever the scores: pairs are ordered, far enough apart, distinct, and everything is accounted for. */
    @Test
    void select_neverTurnsAPairRound() {
        Random random = new Random(SEED);
        for (int round = 0; round < 300; round++) {
            double minGap = random.nextInt(4) / 2.0;
            List<Elicited> rows = new ArrayList<>();
            int answers = 0;
            for (int i = 0; i < 5; i++) {
                List<ScoredAnswer> own = new ArrayList<>();
                for (int k = random.nextInt(6); k >= 0; k--) {
                    String text = "" + random.nextInt(6);
                    own.add(random.nextInt(8) == 0 ? unscored(text, "x") : answer(text, random.nextInt(5) / 2.0));
                }
                answers += own.size();
                rows.add(new Elicited(Prompt.plain("p" + i), own));
            }
            for (PairRule rule : PairRule.values()) {
                Elicitation result = new PreferenceSelection(rule, minGap, true).select(rows, 0);
                assertThat(result.preferences())
                        .as("seed %d round %d %s gap %s %s", SEED, round, rule, minGap, rows)
                        .doesNotHaveDuplicates()
                        .hasSizeGreaterThanOrEqualTo(result.groups().size())
                        .allMatch(pair -> pair.margin() != null && pair.margin() > 0 && pair.margin() >= minGap)
                        .allMatch(pair -> !pair.chosen().equals(pair.rejected()));
                assertThat(result.report().promptCount()).isEqualTo(5);
                assertThat(result.report().answerCount()).isEqualTo(answers);
            }
        }
    }

    @Test
    void constructor_refusesANegativeGap() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> all(-0.5))
                .withMessage("min_gap: expected a number in [0, inf), found -0.5");
    }
}
