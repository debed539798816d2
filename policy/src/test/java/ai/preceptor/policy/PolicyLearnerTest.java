package ai.preceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Score;
import ai.preceptor.data.ScorerException;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.policy.credit.Advantages;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.credit.GreedyAnswers;
import ai.preceptor.policy.credit.GreedyBaseline;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.kl.KlPlacement;
import ai.preceptor.policy.reward.RewardBatch;
import ai.preceptor.policy.reward.RewardShaping;
import ai.preceptor.testkit.MetricsPage;
import ai.preceptor.train.Metric;
import ai.preceptor.train.rows.MicroBatch;
import ai.preceptor.train.rows.StepRows;
import ai.preceptor.train.sampling.FakeSampler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyLearnerTest {

    /** Batches of 4 prompts with 2 answers; steps of 4 answers in micro-batches of 2; two passes: 4 steps a batch. */
    private static final PolicyPlan PLAN = new PolicyPlan(8, 77, 4, 2, 2, 2, 2);

    private static final CreditAssignment LEAVE_ONE_OUT =
            new CreditAssignment.WholeAnswer(new Advantages.LeaveOneOut(false));

    @TempDir
    Path checkpoint;

    private final List<String> calls = new ArrayList<>();
    private final List<Map<String, @Nullable Object>> samples = new ArrayList<>();

    private PolicyLearner learner(
            BiFunction<Long, Integer, Score> scores, long last, KlPlacement placement, KlController kl) {
        CreditConfig recipe = new CreditConfig(LEAVE_ONE_OUT, placement, kl, "judge");
        LearnerPorts ports = new LearnerPorts(
                (cursor, version) -> new FakeSampler(scores, calls, last, cursor, version),
                PolicyLearnerTest::reference,
                null,
                samples::add,
                () -> 0);
        return new PolicyLearner(PLAN, recipe, ports);
    }

    private PolicyLearner learner(BiFunction<Long, Integer, Score> scores, long last) {
        return learner(scores, last, KlPlacement.REWARD, new KlController.Fixed(0.5));
    }

    /** Minus one for every token. */
    private static float[] reference(PackedBatch batch) {
        float[] logps = new float[batch.targets().length];
        Arrays.fill(logps, -1);
        return logps;
    }

    private static List<String> texts(StepRows<Experience> step) {
        return step.microBatches().stream()
                .flatMap(micro -> micro.rows().stream())
                .map(row -> row.trajectory().completion().text())
                .toList();
    }

    @Test
    void at_walksABatchInEveryPass_thenPublishesAndSamplesTheNext() {
        PolicyLearner learner = learner(FakeSampler::usual, 100);
        List<List<String>> steps = new ArrayList<>();
        for (int step = 0; step < 6; step++) {
            steps.add(texts(learner.at(step)));
        }
        assertThat(calls).containsExactly("open 0 v0", "next 4", "publish v4", "next 4");
        assertThat(steps.get(0)).containsExactly("answer 0 to 0", "answer 1 to 0", "answer 0 to 1", "answer 1 to 1");
        assertThat(steps.get(1)).first().isEqualTo("answer 0 to 2");
        assertThat(steps.get(2)).isEqualTo(steps.get(0));
        assertThat(steps.get(4)).first().isEqualTo("answer 0 to 4");
        assertThat(learner.at(5).microBatches())
                .hasSize(2)
                .extracting(MicroBatch::positions)
                .containsExactly(List.of(4, 5), List.of(6, 7));
        assertThat(learner.at(5).epoch()).isCloseTo(0.75, within(1e-12));
        assertThat(learner.stepsPerEpoch()).isEqualTo(8);
        learner.close();
        assertThat(calls).last().isEqualTo("close");
    }

    /** Answers have -(1 + prompt + answer + version) nats, the reference -3: k1 is 2 - prompt - answer at first. */
    @Test
    void at_makesRewardsOfScoresAndKl_andTellsEverySampleFirst() {
        PolicyLearner learner = learner(FakeSampler::usual, 100);
        Experience first = learner.at(0).microBatches().get(0).rows().get(0);
        // rewards of prompt 0: 1 - 0.5 * 2 = 0 and 0 - 0.5 * 1 = -0.5
        assertThat(first.advantages()[2]).isCloseTo(0.5, within(1e-6));
        assertThat(samples).hasSize(8);
        assertThat(samples.get(7))
                .containsEntry("step", 1)
                .containsEntry("group", 3)
                .containsEntry("score", 3.0);
        assertThat(samples.get(0)).containsEntry("completion", "answer 0 to 0").containsEntry("problem", null);
        assertThat((Double) samples.get(0).get("kl")).isCloseTo(2, within(1e-6));
        assertThat((Double) samples.get(0).get("advantage")).isCloseTo(0.5, within(1e-6));
        assertThat(Arrays.stream((double[]) samples.get(0).get("log_ratios")).sum())
                .isCloseTo(2, within(1e-3));
    }

    @Test
    void takeMetrics_ofABatch_comeOnceAndAreOnTheMetricsPage() {
        PolicyLearner learner = learner(FakeSampler::usual, 100);
        learner.at(0);
        Map<String, Metric> metrics = learner.takeMetrics();
        learner.at(1);
        assertThat(learner.takeMetrics()).isEmpty();
        assertThat(metrics.get("rewards/judge/mean").value()).isCloseTo((4 + 6) / 8.0, within(1e-12));
        assertThat(metrics.get("reward").value()).isCloseTo(1.25, within(1e-12));
        assertThat(metrics.get("objective/kl").value()).isCloseTo(0, within(1e-6));
        assertThat(metrics.get("beta").value()).isEqualTo(0.5);
        MetricsPage.requireDocumented(metrics.keySet().stream()
                .map(name -> name.replace("judge", "NAME"))
                .toList());
    }

    /** Prompt 1 keeps one scored answer of two, prompt 2 none: neither is learnt from. */
    @Test
    void at_unscoredAnswers_areLeftOutAndCounted() {
        PolicyLearner learner = learner(
                (prompt, answer) -> (prompt == 1 && answer == 0) || prompt == 2
                        ? Score.unscored("judge is down")
                        : FakeSampler.usual(prompt, answer),
                100);
        assertThat(texts(learner.at(0)))
                .containsExactly("answer 0 to 0", "answer 1 to 0", "answer 0 to 3", "answer 1 to 3");
        assertThat(learner.counts()).isEqualTo(new LearnerCounts(8, 3, 4, 2));
        Map<String, Metric> metrics = learner.takeMetrics();
        assertThat(metrics.get("frac_groups_skipped").value()).isEqualTo(0.5);
        assertThat(metrics.get("completions/unscored_ratio").value()).isEqualTo(3.0 / 8);
        assertThat(samples.get(2)).containsEntry("score", null).containsEntry("problem", "judge is down");
        assertThat(samples.get(3)).containsEntry("score", 1.0).containsEntry("advantage", null);
        // one step a pass is left of two, so the batch ends sooner
        learner.at(1);
        learner.at(2);
        assertThat(calls).containsExactly("open 0 v0", "next 4", "publish v2", "next 4");
    }

    @Test
    void at_batchThatTeachesNothing_isCountedAndTheNextOneTaken() {
        PolicyLearner learner = learner(
                (prompt, answer) -> prompt < 4 ? Score.unscored("warming up") : FakeSampler.usual(prompt, answer), 100);
        assertThat(texts(learner.at(0))).first().isEqualTo("answer 0 to 4");
        assertThat(calls).containsExactly("open 0 v0", "next 4", "publish v1", "next 4");
        assertThat(learner.takeMetrics().get("frac_groups_skipped").value()).isEqualTo(0.5);
    }

    @Test
    void at_nothingButUnscored_endsWithTheFirstProblem() {
        PolicyLearner learner = learner((prompt, answer) -> Score.unscored("no license for " + prompt), 1000);
        assertThatThrownBy(() -> learner.at(0))
                .isInstanceOf(ScorerException.class)
                .hasMessage("judge: in 8 batches in a row no prompt had enough scored answers to learn from;"
                        + " the first problem: no license for 0");
    }

    @Test
    void at_noMorePrompts_isExhausted() {
        PolicyLearner learner = learner(FakeSampler::usual, 6);
        for (int step = 0; step < 4; step++) {
            learner.at(step);
        }
        assertThat(texts(learner.at(4))).hasSize(4);
        assertThat(learner.at(5).isExhausted())
                .as("two prompts make one step a pass")
                .isFalse();
        assertThat(learner.at(6).isExhausted()).isTrue();
    }

    /** KL is 0 at first and below the target, so beta falls by a fifth of 8 / 16; it applies to the next batch. */
    @Test
    void lossBeta_adaptive_changesBetweenBatches() {
        PolicyLearner learner =
                learner(FakeSampler::usual, 100, KlPlacement.LOSS, new KlController.Adaptive(0.5, 3, 16));
        learner.at(0);
        assertThat(learner.lossBeta()).isEqualTo(0.5);
        learner.at(3);
        assertThat(learner.lossBeta()).isEqualTo(0.5);
        learner.at(4);
        assertThat(learner.lossBeta()).isCloseTo(0.45, within(1e-12));
    }

    /** The checkpoint of step 2 lies within a batch, that of step 4 between two. */
    @Test
    void loadState_goesOnAsIfNothingHadBeen() {
        for (int done : new int[] {1, 2, 3, 4, 5}) {
            PolicyLearner straight =
                    learner(FakeSampler::usual, 100, KlPlacement.LOSS, new KlController.Adaptive(0.5, 3, 16));
            for (int step = 0; step < done; step++) {
                straight.at(step);
            }
            Path place = checkpoint.resolve("step-" + done);
            assertThat(place.toFile().mkdirs()).isTrue();
            straight.saveState(place);
            PolicyLearner resumed =
                    learner(FakeSampler::usual, 100, KlPlacement.LOSS, new KlController.Adaptive(0.5, 3, 16));
            resumed.loadState(place);
            for (int step = done; step < 10; step++) {
                assertSame(resumed.at(step), straight.at(step));
                assertThat(resumed.lossBeta()).isEqualTo(straight.lossBeta());
                assertThat(resumed.counts()).isEqualTo(straight.counts());
            }
        }
    }

    /** Stopped before the batch's first step was done: its samples were cut from the log, so it is sampled again. */
    @Test
    void loadState_beforeTheFirstStepOfABatch_samplesItAgain() {
        PolicyLearner stopped = learner(FakeSampler::usual, 100);
        stopped.at(0);
        stopped.at(4);
        StepRows<Experience> expected = stopped.at(4);
        stopped.saveState(checkpoint);
        calls.clear();
        samples.clear();
        PolicyLearner resumed = learner(FakeSampler::usual, 100);
        resumed.loadState(checkpoint);
        assertSame(resumed.at(4), expected);
        assertThat(calls).containsExactly("open 4 v4", "next 4");
        assertThat(samples).hasSize(8);
        assertThat(resumed.takeMetrics()).containsKey("reward");
        assertThat(resumed.counts()).as("once").isEqualTo(new LearnerCounts(16, 0, 8, 0));
    }

    private static void assertSame(StepRows<Experience> actual, StepRows<Experience> expected) {
        assertThat(actual.epoch()).isEqualTo(expected.epoch());
        assertThat(actual.microBatches()).hasSameSizeAs(expected.microBatches());
        for (int i = 0; i < expected.microBatches().size(); i++) {
            List<Experience> rows = actual.microBatches().get(i).rows();
            for (int j = 0; j < rows.size(); j++) {
                Experience is = rows.get(j);
                Experience should = expected.microBatches().get(i).rows().get(j);
                assertThat(is.advantages()).containsExactly(should.advantages());
                assertThat(is.oldLogps()).containsExactly(should.oldLogps());
                assertThat(is.referenceLogps()).containsExactly(should.referenceLogps());
                assertThat(is.trajectory().promptIds())
                        .containsExactly(should.trajectory().promptIds());
                assertThat(is.trajectory().completion())
                        .isEqualTo(should.trajectory().completion());
            }
        }
    }

    @Test
    void learner_betaWithoutReference_isRefused() {
        LearnerPorts ports = new LearnerPorts(
                (cursor, version) -> new FakeSampler(FakeSampler::usual, calls, 9, cursor, version),
                null,
                null,
                samples::add,
                () -> 0);
        CreditConfig recipe = new CreditConfig(LEAVE_ONE_OUT, KlPlacement.REWARD, new KlController.Fixed(0.1), "judge");
        assertThatThrownBy(() -> new PolicyLearner(PLAN, recipe, ports))
                .hasMessage("beta: 0.1, but there is no reference");
    }

    /** Greedy answers score 0.5, to the second prompt nothing: that prompt is left out, and the others compared with 0.5. */
    @Test
    void at_withGreedyAnswers_comparesWithTheirScores() {
        List<Integer> asked = new ArrayList<>();
        GreedyAnswers greedy = answers -> answers.stream()
                .map(one -> {
                    asked.add(one.group());
                    return one.withScore(one.group() == 1 ? Score.unscored("no license") : Score.of(0.5));
                })
                .toList();
        PolicyLearner learner = greedyLearner(greedy);
        StepRows<Experience> rows = learner.at(0);
        assertThat(asked).containsExactly(0, 1, 2, 3);
        Experience first = rows.microBatches().get(0).rows().get(0);
        assertThat(first.advantages()).containsOnly(first.trajectory().score().value() - 0.5);
        assertThat(samples).hasSize(8);
        assertThat(samples.get(2).get("advantage")).as("of the second prompt").isNull();
        Map<String, Metric> metrics = learner.takeMetrics();
        assertThat(metrics.get("reward_greedy")).isEqualTo(Metric.mean(1.5, 3));
        assertThat(metrics.get("frac_groups_skipped").value()).isEqualTo(0.25);
    }

    /** A penalty that all answers get, the greedy ones too, changes no advantage; the metric is of raw scores. */
    @Test
    void at_withGreedyAnswersAndAPenalty_chargesBoth() {
        RewardShaping penalty = new RewardShaping() {
            @Override
            public RewardBatch shape(RewardBatch batch) {
                return batch.withRewards(i -> batch.rewards()[i] - 2);
            }

            @Override
            public String name() {
                return "penalty";
            }
        };
        PolicyLearner learner = greedyLearner(
                answers -> answers.stream()
                        .map(one -> one.withScore(Score.of(0.5)))
                        .toList(),
                penalty);
        Experience first = learner.at(0).microBatches().get(0).rows().get(0);
        assertThat(first.advantages()).containsOnly(first.trajectory().score().value() - 2 - (0.5 - 2));
        assertThat(learner.takeMetrics().get("reward_greedy")).isEqualTo(Metric.mean(2, 4));
    }

    /** The samples have scores, their greedy answers never do: the run ends and says why. */
    @Test
    void at_greedyAnswersNeverScored_endsWithTheCause() {
        PolicyLearner learner = greedyLearner(answers -> answers.stream()
                .map(one -> one.withScore(Score.unscored("no license")))
                .toList());
        assertThatThrownBy(() -> learner.at(0))
                .isInstanceOf(ScorerException.class)
                .hasMessageContaining("no license");
    }

    private PolicyLearner greedyLearner(GreedyAnswers greedy) {
        return greedyLearner(greedy, RewardShaping.NONE);
    }

    private PolicyLearner greedyLearner(GreedyAnswers greedy, RewardShaping shaping) {
        CreditConfig recipe = new CreditConfig(
                        new GreedyBaseline(), KlPlacement.REWARD, new KlController.Fixed(0), "judge")
                .with(shaping);
        LearnerPorts ports = new LearnerPorts(
                (cursor, version) -> new FakeSampler(FakeSampler::usual, calls, 100, cursor, version),
                null,
                null,
                null,
                null,
                samples::add,
                () -> 0,
                greedy);
        return new PolicyLearner(PLAN, recipe, ports);
    }
}
