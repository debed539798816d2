package ai.preceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.policy.credit.Advantages;
import ai.preceptor.policy.credit.Credit;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.credit.ScoredAnswers;
import ai.preceptor.policy.credit.ScoredPart;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.kl.KlEstimators;
import ai.preceptor.testkit.MetricsPage;
import ai.preceptor.train.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExperienceMakerTest {

    private static final Maker MAKER = maker(new CreditAssignment.WholeAnswer(new Advantages.LeaveOneOut(false)));

    /** Makes batches whose rewards are the scores. */
    private record Maker(ExperienceMaker maker) {
        ExperienceMaker.Batch make(List<MeasuredAnswer> answers, double beta, double @Nullable [] baselines) {
            double[] scores = answers.stream()
                    .mapToDouble(answer -> answer.trajectory().score().value())
                    .toArray();
            return maker.make(answers, scores, beta, baselines);
        }
    }

    private static Maker maker(CreditAssignment credit) {
        return new Maker(new ExperienceMaker(credit, KlEstimators.K1));
    }

    private static List<MeasuredAnswer> measured(List<Trajectory> batch, @Nullable List<float[]> reference) {
        List<MeasuredAnswer> measured = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            measured.add(MeasuredAnswer.of(batch.get(i), reference == null ? null : reference.get(i)));
        }
        return measured;
    }

    private static Trajectory sample(int group, Score score, FinishReason reason, float... logps) {
        Completion completion = new Completion("text", new int[logps.length], logps, reason);
        return new Trajectory(Prompt.plain("p"), new int[] {1}, completion, group, 0, score);
    }

    private static final List<Trajectory> BATCH = List.of(
            sample(0, Score.of(1), FinishReason.STOP, -1, -1),
            sample(0, Score.of(3), FinishReason.LENGTH, -1, -1, -1, -1),
            sample(1, Score.of(2), FinishReason.STOP, -1),
            sample(1, Score.of(2), FinishReason.STOP, -1, -1, -1),
            sample(1, Score.unscored("judge timed out"), FinishReason.STOP, -1, -1));

    /** k1 of the five answers under this reference: 0.5, -1, 0.25, 0, 0. */
    private static final List<float[]> REFERENCE = List.of(
            new float[] {-1.25f, -1.25f},
            new float[] {-0.75f, -0.75f, -0.75f, -0.75f},
            new float[] {-1.25f},
            new float[] {-1, -1, -1},
            new float[] {-1, -1});

    @Test
    void make_withoutPenalty_turnsScoresIntoAdvantages() {
        ExperienceMaker.Batch batch = MAKER.make(measured(BATCH, null), 0, null);
        assertThat(batch.experiences())
                .extracting(experience -> experience.advantages()[0])
                .containsExactly(-2.0, 2.0, 0.0, 0.0, 0.0);
        assertThat(batch.experiences().get(1).advantages()).containsExactly(2, 2, 2, 2);
        assertThat(batch.experiences().get(1).oldLogps()).containsExactly(-1, -1, -1, -1);
        assertThat(batch.experiences().get(1).referenceLogps()).isNull();
        assertThat(batch.metrics()).doesNotContainKey("objective/kl");
    }

    /** The credit sees what each scorer gave and what that counts; one that gave nothing is not a number. */
    @Test
    void make_severalScorers_areParts() {
        List<ScoredAnswers> seen = new ArrayList<>();
        new Maker(new ExperienceMaker(new Spy(seen), KlEstimators.K1))
                .make(
                        measured(
                                List.of(
                                        sample(
                                                0,
                                                Score.of(7).with(List.of(part("a", 3, 2), part("b", 1, 1))),
                                                FinishReason.STOP,
                                                -1),
                                        sample(0, Score.of(4).with(List.of(part("a", 2, 2))), FinishReason.STOP, -1)),
                                null),
                        0,
                        null);
        Map<String, ScoredPart> parts = seen.get(0).parts();
        assertThat(parts.keySet()).containsExactly("a", "b");
        assertThat(parts.get("a").scores()).containsExactly(3, 2);
        assertThat(parts.get("a").weight()).isEqualTo(2);
        assertThat(parts.get("b").scores()).containsExactly(1, Double.NaN);
    }

    /** A penalty of 0.5 on the second answer: parts still add up to the reward. */
    @Test
    void make_severalScorersAndAPenalty_haveItAsAPart() {
        List<ScoredAnswers> seen = new ArrayList<>();
        Score five = Score.of(5).with(List.of(part("a", 2, 2), part("b", 1, 1)));
        List<MeasuredAnswer> answers = measured(
                List.of(sample(0, five, FinishReason.STOP, -1), sample(0, five, FinishReason.LENGTH, -1)), null);
        ExperienceMaker maker = new ExperienceMaker(new Spy(seen), KlEstimators.K1);
        maker.make(answers, new double[] {5, 4.5}, 0, null);
        assertThat(seen.get(0).scores()).containsExactly(5, 4.5);
        Map<String, ScoredPart> parts = seen.get(0).parts();
        assertThat(parts.keySet()).containsExactly("a", "b", ScoredPart.SHAPING);
        assertThat(parts.get(ScoredPart.SHAPING).scores()).containsExactly(0, -0.5);
        assertThat(parts.get(ScoredPart.SHAPING).weight()).isEqualTo(1);
    }

    private static Score.Part part(String name, double value, double weight) {
        return new Score.Part(name, value, weight);
    }

    /** Keeps what it is given. */
    private record Spy(List<ScoredAnswers> seen) implements CreditAssignment {
        @Override
        public Credit assign(ScoredAnswers batch) {
            seen.add(batch);
            return new Credit(batch.kl());
        }

        @Override
        public String name() {
            return "spy";
        }

        @Override
        public int fewestScored() {
            return 1;
        }
    }

    /** Rewards with beta 2: 1 - 1, 3 + 2, 2 - 0.5, 2 - 0. */
    @Test
    void make_withPenalty_subtractsBetaTimesTheSummedK1() {
        ExperienceMaker.Batch batch = MAKER.make(measured(BATCH, REFERENCE), 2, null);
        assertThat(batch.experiences())
                .extracting(experience -> experience.advantages()[0])
                .containsExactly(-5.0, 5.0, -0.5, 0.5, 0.0);
        assertThat(batch.kl()).isCloseTo((0.5 - 1 + 0.25) / 5, within(1e-12));
        assertMetric(batch, "objective/kl", -0.05);
        assertMetric(batch, "objective/non_score_reward", 0.1);
    }

    /** k3 of a log-ratio of 0.25 is exp(-0.25) - 0.75; the controller is still steered by k1. */
    @Test
    void make_penaltyByAnotherEstimator_chargesIt() {
        Maker byK3 = new Maker(new ExperienceMaker(
                new CreditAssignment.WholeAnswer(new Advantages.LeaveOneOut(false)), KlEstimators.K3));
        double k3 = Math.exp(-0.25) - 1 + 0.25;
        ExperienceMaker.Batch batch = byK3.make(measured(BATCH, REFERENCE), 2, null);
        assertThat(batch.experiences().get(2).advantages()[0]).isCloseTo(-2 * k3, within(1e-7));
        assertThat(batch.kl()).isCloseTo((0.5 - 1 + 0.25) / 5, within(1e-12));
    }

    /** The score of an answer that does not count is its siblings' baseline; its tokens are charged nothing. */
    @Test
    void make_answerThatDoesNotCount_isChargedNoKl() {
        List<MeasuredAnswer> answers = measured(BATCH, REFERENCE);
        answers.set(1, cut(answers.get(1)));
        ExperienceMaker.Batch batch = MAKER.make(answers, 2, null);
        assertThat(batch.experiences().get(0).advantages()[0]).isCloseTo(1 - 1 - 3, within(1e-12));
        assertThat(batch.experiences().get(1).counts()).isFalse();
        assertThat(batch.kl()).as("of the other four").isCloseTo((0.5 + 0.25) / 4, within(1e-12));
        assertMetric(batch, "objective/kl", 0.1875);
        assertMetric(batch, "objective/non_score_reward", -0.375);
    }

    private static MeasuredAnswer cut(MeasuredAnswer whole) {
        return new MeasuredAnswer(
                whole.trajectory(), whole.oldLogps(), whole.referenceLogps(), null, whole.weights(), null, false);
    }

    /** None is not 0, which would lower an adaptive coefficient. */
    @Test
    void make_noAnswerCounts_hasNoKl() {
        List<MeasuredAnswer> answers = measured(BATCH, REFERENCE);
        answers.replaceAll(ExperienceMakerTest::cut);
        ExperienceMaker.Batch batch = MAKER.make(answers, 2, null);
        assertThat(batch.kl()).isNaN();
        assertThat(Metric.values(batch.metrics()))
                .containsKey("reward")
                .doesNotContainKeys("objective/kl", "objective/non_score_reward");
        KlController adaptive = new KlController.Adaptive(0.2, 6, 5);
        assertThat(adaptive.after(batch.kl(), BATCH.size())).isEqualTo(adaptive);
    }

    /** A part of one's own that gives too few, or what is not finite, is told so by its name. */
    @Test
    void make_advantagesOfTheWrongShapeOrNotFinite_areRefusedByName() {
        assertThatThrownBy(() -> maker(giving(new double[4])).make(measured(BATCH, null), 0, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("advantages: mine gave 4, must be one per answer: 5");
        assertThatThrownBy(() ->
                        maker(giving(new double[] {0, Double.NaN, 0, 0, 0})).make(measured(BATCH, null), 0, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("advantages: mine gave NaN for answer 1 (0-based), must be finite");
    }

    private static CreditAssignment giving(double[] numbers) {
        return new CreditAssignment.WholeAnswer(new Advantages() {
            @Override
            public String name() {
                return "mine";
            }

            @Override
            public double[] of(double[] rewards, int[] groups) {
                return numbers;
            }
        });
    }

    @Test
    void make_reportsScoresAndLengthsByTrlsNames() {
        ExperienceMaker.Batch batch = MAKER.make(measured(BATCH, REFERENCE), 2, null);
        assertMetric(batch, "reward", 2);
        assertMetric(batch, "reward_std", Math.sqrt(2.0 / 3));
        assertMetric(batch, "frac_reward_zero_std", 0.5);
        assertMetric(batch, "completions/unscored_ratio", 0.2);
        assertMetric(batch, "completions/clipped_ratio", 0.2);
        assertMetric(batch, "completions/mean_length", 2.4);
        assertMetric(batch, "completions/min_length", 1);
        assertMetric(batch, "completions/max_length", 4);
        assertMetric(batch, "completions/mean_terminated_length", 2);
        assertMetric(batch, "completions/min_terminated_length", 1);
        assertMetric(batch, "completions/max_terminated_length", 3);
        MetricsPage.requireDocumented(batch.metrics().keySet());
    }

    @Test
    void make_nothingScored_reportsNoRewardRatherThanZero() {
        ExperienceMaker.Batch batch =
                MAKER.make(measured(List.of(sample(0, Score.unscored("down"), FinishReason.STOP, -1)), null), 0, null);
        assertThat(batch.metrics()).doesNotContainKeys("reward", "reward_std");
        assertMetric(batch, "completions/unscored_ratio", 1);
        assertThat(batch.experiences().get(0).advantages()).containsExactly(0);
    }

    @Test
    void make_impossibleInput_isRefused() {
        assertThatThrownBy(() -> MAKER.make(measured(List.of(), null), 0, null)).hasMessageContaining("answers: 0");
        assertThatThrownBy(() -> MAKER.make(measured(BATCH, null), 0.1, null)).hasMessageContaining("beta: 0.1");
        assertThatThrownBy(() -> MAKER.make(measured(BATCH.subList(0, 1), List.of(new float[3])), 0.1, null))
                .hasMessageContaining("reference: 3 log-probabilities");
    }

    private static void assertMetric(ExperienceMaker.Batch batch, String name, double value) {
        assertThat(batch.metrics()).containsKey(name);
        assertThat(batch.metrics().get(name).value()).as(name).isCloseTo(value, within(1e-9));
    }
}
