package ai.preceptor.eval;

import static ai.preceptor.eval.Sampled.answers;
import static ai.preceptor.eval.Sampled.scores;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Score;
import ai.preceptor.data.ScorerException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WinRateTest {
    private static final long SEED = 20261124;

    /** Longer wins. */
    private static final Arbiter LENGTH = contests -> contests.stream()
            .map(contest -> (double) Integer.compare(
                    contest.answer().asString().length(),
                    contest.baseline().asString().length()))
            .map(sign -> Score.of((sign + 1) / 2))
            .toList();

    private static void assertIntervalOf(WinRate rate, double trials) {
        Interval wilson = new Proportion(rate.rate() * trials, trials).interval();
        assertThat(rate.interval().low()).isCloseTo(wilson.low(), within(1e-9));
        assertThat(rate.interval().high()).isCloseTo(wilson.high(), within(1e-9));
    }

    @Test
    void measure_countsWinsAndHalfTheTies() {
        AnswerSet ours = answers(List.of("long"), List.of("lo"), List.of("same"), List.of("longest"));
        AnswerSet start = answers(List.of("l"), List.of("long"), List.of("size"), List.of("long"));
        WinRate rate = WinRate.measure(ours, start, LENGTH);
        assertThat(rate.rate()).isEqualTo((1 + 0 + 0.5 + 1) / 4);
        assertThat(rate.ties()).isEqualTo(1);
        assertThat(rate.contests()).isEqualTo(4);
        assertIntervalOf(rate, 4);
    }

    @Test
    void measure_meetsTheBaselinesKthOrOnlyAnswer() {
        List<String> seen = new ArrayList<>();
        Arbiter arbiter = contests -> {
            contests.forEach(contest -> seen.add(contest.prompt().text().asString() + " "
                    + contest.answer().asString() + ":" + contest.baseline().asString()));
            return scores(1, 1, 1, 1);
        };
        WinRate.measure(
                answers(List.of("a", "b"), List.of("c", "d")), answers(List.of("x", "y"), List.of("z")), arbiter);
        assertThat(seen).containsExactly("p0 a:x", "p0 b:y", "p1 c:z", "p1 d:z");
    }

    /** Eight of ten, as in {@link ProportionTest}. */
    @Test
    void of_oneContestAPromptIsWilsons() {
        List<List<Score>> verdicts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            verdicts.add(scores(i < 8 ? 1 : 0));
        }
        WinRate rate = WinRate.of(verdicts);
        assertThat(rate.rate()).isCloseTo(0.8, within(1e-12));
        assertThat(rate.interval().low()).isCloseTo(0.4902, within(5e-5));
        assertThat(rate.interval().high()).isCloseTo(0.9433, within(5e-5));
    }

    /** Contests of a prompt that all end alike are worth one. */
    @Test
    void of_contestsThatRepeatEachOtherCountsPrompts() {
        assertIntervalOf(WinRate.of(List.of(scores(1, 1, 1, 1), scores(0, 0, 0, 0))), 2);
    }

    /** Contests that differ within a prompt as much as they can are worth themselves, not more. */
    @Test
    void of_contestsThatDoNotRepeatEachOtherCountsContests() {
        assertIntervalOf(WinRate.of(List.of(scores(1, 0), scores(1, 0))), 4);
    }

    /** Means 1, 1, 0.5, 0: p = 0.625, v = 0.171875, so 4 x 0.234375 / 0.171875 = 5.4545. */
    @Test
    void of_contestsInBetweenIsInBetween() {
        WinRate rate = WinRate.of(List.of(scores(1, 1), scores(1, 1), scores(1, 0), scores(0, 0)));
        assertThat(rate.rate()).isEqualTo(0.625);
        assertIntervalOf(rate, 4 * 0.234375 / 0.171875);
    }

    @Test
    void of_nothingButWinsCountsPrompts() {
        WinRate rate = WinRate.of(List.of(scores(1, 1, 1), scores(1, 1, 1)));
        assertThat(rate.rate()).isEqualTo(1);
        assertIntervalOf(rate, 2);
    }

    @Test
    void of_undecidedContestsAreNoLosses() {
        Score none = Score.unscored("timed out");
        WinRate rate = WinRate.of(List.of(List.of(Score.of(1), none), List.of(none, none), scores(0, 1)));
        assertThat(rate.rate()).isEqualTo((1 + 0.5) / 2);
        assertThat(rate.prompts()).isEqualTo(2);
        assertThat(rate.contests()).isEqualTo(3);
        assertThat(rate.undecided()).isEqualTo(3);
    }

    /** Prompts differ in how often they are won; several contests each. The interval must know that prompts are drawn. */
    @Test
    void interval_holdsTheTruthAboutNineteenTimesInTwenty() {
        Random random = new Random(SEED);
        int rounds = 2000;
        int held = 0;
        for (int round = 0; round < rounds; round++) {
            List<List<Score>> verdicts = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                double chance = random.nextBoolean() ? 0.9 : 0.5; // on average 0.7
                verdicts.add(scores(
                        random.doubles(4).map(draw -> draw < chance ? 1 : 0).toArray()));
            }
            held += WinRate.of(verdicts).interval().contains(0.7) ? 1 : 0;
        }
        assertThat((double) held / rounds).as("coverage, seed %d", SEED).isBetween(0.93, 0.97);
    }

    @Test
    void of_swappedSidesIsTheRest() {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            List<List<Score>> verdicts = new ArrayList<>();
            List<List<Score>> swapped = new ArrayList<>();
            for (int i = random.nextInt(9); i >= 0; i--) {
                double[] own = random.ints(1 + random.nextInt(3), 0, 3)
                        .mapToDouble(x -> x / 2.0)
                        .toArray();
                verdicts.add(scores(own));
                swapped.add(scores(Arrays.stream(own).map(x -> 1 - x).toArray()));
            }
            WinRate one = WinRate.of(verdicts);
            WinRate other = WinRate.of(swapped);
            String where = "seed " + SEED + " round " + round + " " + verdicts;
            assertThat(other.rate()).as(where).isCloseTo(1 - one.rate(), within(1e-9));
            assertThat(other.interval().low())
                    .as(where)
                    .isCloseTo(1 - one.interval().high(), within(1e-9));
        }
    }

    @Test
    void of_nothingDecidedIsAnError() {
        assertThatExceptionOfType(ScorerException.class)
                .isThrownBy(() -> WinRate.of(List.of(List.of(Score.unscored("timed out"), Score.unscored("lost")))))
                .withMessage("win rate: none of 2 contests was decided; the first: timed out");
    }

    @Test
    void of_aVerdictThatIsNoPreferenceIsAnError() {
        assertThatExceptionOfType(ScorerException.class)
                .isThrownBy(() -> WinRate.of(List.of(scores(3))))
                .withMessage("arbiter: a preference of 3.0, must be in [0, 1]");
    }

    @Test
    void measure_ofAnArbiterThatLosesContestsIsAnError() {
        AnswerSet two = answers(List.of("a"), List.of("b"));
        assertThatExceptionOfType(ScorerException.class)
                .isThrownBy(() -> WinRate.measure(two, two, contests -> scores(1)))
                .withMessage("arbiter: 1 verdicts, must be one per contest: 2");
    }

    @Test
    void measure_refusesABaselineThatDoesNotFit() {
        AnswerSet one = answers(List.of("a", "b", "c"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WinRate.measure(one, answers(List.of("a"), List.of("b")), LENGTH))
                .withMessage("baseline: its prompts are not those of the answers (2 and 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WinRate.measure(one, answers(List.of("a", "b")), LENGTH))
                .withMessage("baseline: 2 answers to prompt 0, must be 1 or as many as the new ones: 3");
    }
}
