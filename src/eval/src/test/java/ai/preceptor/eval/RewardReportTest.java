package ai.preceptor.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.eval.ScoredPairs.Pair;
import ai.preceptor.testkit.MetricsPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RewardReportTest {
    private static final long SEED = 20261124;

    private int prompts;

    /** Of a prompt of its own, with answers of so many letters. */
    private Pair pair(double chosen, double rejected, int chosenLength, int rejectedLength) {
        Prompt prompt = prompt();
        return new Pair(
                new Preference(
                        prompt, prompt.reply("c".repeat(chosenLength)), prompt.reply("r".repeat(rejectedLength))),
                chosen,
                rejected);
    }

    private Pair judged(double chosen, double rejected, Double margin, Double probability) {
        Prompt prompt = prompt();
        return new Pair(
                new Preference(prompt, prompt.reply("c"), prompt.reply("r"), margin, probability), chosen, rejected);
    }

    private Prompt prompt() {
        return Prompt.plain("q" + prompts++);
    }

    private static RewardReport report(Pair... pairs) {
        return RewardReport.of(
                new ScoredPairs(List.of(pairs), 0),
                pair -> null,
                answer -> answer.text().asString().length());
    }

    /**
     * Two pairs of probability 0.6, one right and one wrong, and two of 0.9, both right: |0.5 - 0.6| and |1 - 0.9|, each for
     * half of the pairs.
     */
    @Test
    void calibration_isTheHandWorkedValue() {
        double six = Math.log(0.6 / 0.4);
        double nine = Math.log(0.9 / 0.1);
        Calibration calibration = report(
                        pair(six, 0, 1, 1), pair(0, six, 1, 1), pair(nine, 0, 1, 1), pair(2 * nine, nine, 1, 1))
                .calibration();
        assertThat(calibration.error()).isCloseTo(0.1, within(1e-12));
        assertThat(calibration.bins()).hasSize(2);
        assertThat(calibration.bins().get(0).probability()).isCloseTo(0.6, within(1e-12));
        assertThat(calibration.bins().get(0).accuracy()).isEqualTo(new Proportion(1, 2));
        assertThat(calibration.bins().get(1).accuracy()).isEqualTo(new Proportion(2, 2));
    }

    /** Wrong by 1, by 4 and not at all; a tie is not wrong by any amount. */
    @Test
    void misjudged_areTheWrongPairsTheWorstFirst() {
        Pair near = pair(1, 2, 1, 1);
        Pair far = pair(-2, 2, 1, 1);
        assertThat(report(near, pair(2, 1, 1, 1), pair(3, 3, 1, 1), far).misjudged())
                .containsExactly(far, near);
        Pair[] many = IntStream.range(0, 30).mapToObj(i -> pair(0, i + 1, 1, 1)).toArray(Pair[]::new);
        assertThat(report(many).misjudged()).hasSize(10).startsWith(many[29]);
    }

    /** Certain and always wrong is the worst there is; without any difference the model is right half the time. */
    @Test
    void calibration_atItsEnds() {
        assertThat(report(pair(-800, 800, 1, 1)).calibration().error()).isCloseTo(1, within(1e-12));
        assertThat(report(pair(3, 3, 1, 1)).calibration().error()).isZero();
    }

    /** Labels drawn from the model's own probabilities: the error is what chance leaves. */
    @Test
    void calibration_ofACalibratedModel_isNearZero() {
        Random random = new Random(SEED);
        Pair[] pairs = new Pair[20_000];
        for (int i = 0; i < pairs.length; i++) {
            double difference = 2 * random.nextGaussian();
            boolean first = random.nextDouble() < 1 / (1 + Math.exp(-difference));
            pairs[i] = first ? pair(difference, 0, 1, 1) : pair(0, difference, 1, 1);
        }
        assertThat(report(pairs).calibration().error()).as("seed %d", SEED).isLessThan(0.015);
    }

    /** Rewards equal to lengths; the longer one loses once, and there the model is wrong. */
    @Test
    void length_isTheHandWorkedValue() {
        LengthBias length =
                report(pair(3, 1, 3, 1), pair(1, 2, 1, 2), pair(4, 4, 4, 4)).length();
        assertThat(length.correlation()).isCloseTo(1, within(1e-12));
        assertThat(length.withinPairs()).isCloseTo(1, within(1e-12));
        assertThat(length.preferred()).isEqualTo(new Proportion(1, 2));
        assertThat(length.longerWins()).isEqualTo(new Proportion(1, 1));
        assertThat(length.longerLoses()).isEqualTo(new Proportion(0, 1));
    }

    @Test
    void length_withoutVariation_isNotMeasured() {
        LengthBias length = report(pair(3, 1, 5, 5)).length();
        assertThat(length).isEqualTo(new LengthBias(null, null, null, null, null, null));
    }

    /** Four groups of two by the row's margin, of which the closest call is wrong. */
    @Test
    void byMargin_goesFromCloseCallsToClearOnes() {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 8; i >= 1; i--) {
            pairs.add(judged(i == 1 ? 0 : 2, 1, i / 2.0, null));
        }
        List<AccuracyGroup> groups = report(pairs.toArray(Pair[]::new)).byMargin();
        assertThat(groups)
                .containsExactly(
                        new AccuracyGroup(0.5, 1, new Proportion(1, 2)),
                        new AccuracyGroup(1.5, 2, new Proportion(2, 2)),
                        new AccuracyGroup(2.5, 3, new Proportion(2, 2)),
                        new AccuracyGroup(3.5, 4, new Proportion(2, 2)));
    }

    /** Differences 1, 2 and 6 to margins 0.5, 1 and 3: twice as large each. */
    @Test
    void marginCorrelation_ofDifferencesThatGrowWithTheMargin_isOne() {
        RewardReport report = report(
                judged(1, 0, 0.5, null), judged(5, 3, 1.0, null), judged(6, 0, 3.0, null), judged(1, 9, null, null));
        assertThat(report.marginCorrelation()).isCloseTo(1, within(1e-12));
        assertThat(report(judged(1, 0, null, null)).marginCorrelation()).isNull();
    }

    /** Every pair is in one group, and equal margins are never parted. */
    @Test
    void byRewardMargin_partsTheirPairs() {
        Random random = new Random(SEED);
        for (int round = 0; round < 100; round++) {
            Pair[] pairs = new Pair[1 + random.nextInt(30)];
            for (int i = 0; i < pairs.length; i++) {
                pairs[i] = pair(random.nextInt(5), random.nextInt(5), 1, 1);
            }
            List<AccuracyGroup> groups = report(pairs).byRewardMargin();
            assertThat(groups.stream()
                            .mapToDouble(group -> group.accuracy().trials())
                            .sum())
                    .as("seed %d round %d", SEED, round)
                    .isEqualTo(pairs.length);
            for (int i = 1; i < groups.size(); i++) {
                assertThat(groups.get(i).low()).isGreaterThan(groups.get(i - 1).high());
            }
        }
    }

    /** The teacher prefers the first with 0.8, the second with 0.7 and is undecided; the model says 0.5, 0.5, 0.5. */
    @Test
    void teacher_isTheHandWorkedValue() {
        TeacherAgreement teacher = report(judged(1, 1, null, 0.8), judged(1, 1, null, 0.3), judged(1, 1, null, 0.5))
                .teacher();
        assertThat(teacher.agreement()).isEqualTo(new Proportion(1, 2));
        assertThat(teacher.distance()).isCloseTo(0.5 / 3, within(1e-12));
        assertThat(teacher.correlation()).isNull();
    }

    /** Teacher's differences 2, -1, 0 and one it could not score; the model's 1, 3, 5, 7: agrees once of two. */
    @Test
    void teacher_thatScores_isTheHandWorkedValue() {
        Pair first = pair(1, 0, 1, 1);
        Pair second = pair(3, 0, 2, 1);
        Pair third = pair(5, 0, 3, 1);
        ScoredPairs model = new ScoredPairs(List.of(first, second, third, pair(7, 0, 4, 1)), 0);
        ScoredPairs teacher = new ScoredPairs(
                List.of(
                        new Pair(first.preference(), 2, 0),
                        new Pair(second.preference(), 0, 1),
                        new Pair(third.preference(), 4, 4)),
                1);
        TeacherAgreement agreement = TeacherAgreement.of(model, teacher);
        assertThat(agreement.agreement()).isEqualTo(new Proportion(1, 2));
        assertThat(agreement.distance()).isNull();
        // deviations -2, 0, 2 and 5/3, -4/3, -1/3: -4 / sqrt(8 x 42/9)
        assertThat(agreement.correlation()).isCloseTo(-4 / Math.sqrt(8 * 42 / 9.0), within(1e-12));
        assertThat(TeacherAgreement.of(model, new ScoredPairs(List.of(pair(1, 0, 9, 9)), 0)))
                .isNull();
    }

    /** A row whose teacher doubts its own label counts as right when the model prefers the other answer. */
    @Test
    void teacher_countsByTheProbabilityNotTheLabel() {
        assertThat(report(judged(0, 1, null, 0.3)).teacher().agreement()).isEqualTo(new Proportion(1, 1));
        assertThat(report(pair(1, 0, 1, 1)).teacher()).isNull();
    }

    /** The same pair twice says no more than once, of all pairs and of any group. */
    @Test
    void accuracy_pairsOfOnePromptThatAgree_countOnce() {
        Pair right = judged(2, 1, 0.5, 0.8);
        Pair wrong = judged(1, 2, 0.5, 0.8);
        RewardReport once = report(right, wrong);
        RewardReport twice = report(right, right, wrong, wrong);
        assertThat(twice.accuracy().accuracy()).isEqualTo(new Proportion(2, 4, 2));
        assertThat(twice.accuracy().accuracy().interval())
                .isEqualTo(once.accuracy().accuracy().interval());
        assertThat(twice.byMargin().get(0).accuracy()).isEqualTo(new Proportion(2, 4, 2));
        assertThat(twice.teacher().agreement()).isEqualTo(new Proportion(2, 4, 2));
        assertThat(twice.toRow()).containsEntry("eval_pairs", 4);
    }

    @Test
    void toRow_namesWhatIsOnTheMetricsPage() {
        Map<String, Object> row =
                report(judged(1, 0, 0.5, 0.8), judged(1, 2, 1.0, 0.3)).toRow();
        assertThat(row).containsKeys("eval_ece", "eval_calibration", "eval_teacher_agreement");
        MetricsPage.requireDocumented(row.keySet());
        Map<String, Object> subsets = RewardReport.of(
                        new ScoredPairs(List.of(pair(1, 0, 1, 1)), 2), pair -> "s", answer -> 1)
                .toRow();
        assertThat(subsets)
                .containsEntry("eval_accuracy_by_subset", Map.of("s", AccuracyGroup.figures(new Proportion(1, 1))))
                .containsEntry("eval_unscored", 2);
    }
}
