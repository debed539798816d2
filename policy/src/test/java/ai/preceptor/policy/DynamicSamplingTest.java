package ai.preceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.Trajectory;
import ai.preceptor.policy.credit.Advantages;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.kl.KlPlacement;
import ai.preceptor.policy.reward.DynamicSampling;
import ai.preceptor.testkit.MetricsPage;
import ai.preceptor.train.Metric;
import ai.preceptor.train.rows.MicroBatch;
import ai.preceptor.train.rows.StepRows;
import ai.preceptor.train.sampling.FakeSampler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DynamicSamplingTest {
    @TempDir
    Path checkpoint;

    private boolean stopping;
    private final List<String> calls = new ArrayList<>();
    private final List<Map<String, @Nullable Object>> samples = new ArrayList<>();

    /** Batches of 4 prompts with 2 answers, of at most 3 sampled ones. */
    private PolicyLearner learner(BiFunction<Long, Integer, Score> scores, long last) {
        CreditConfig recipe = new CreditConfig(
                new CreditAssignment.WholeAnswer(new Advantages.LeaveOneOut(false)),
                KlPlacement.LOSS,
                new KlController.Fixed(0),
                "judge");
        LearnerPorts ports = new LearnerPorts(
                (cursor, version) -> new FakeSampler(scores, calls, last, cursor, version),
                null,
                null,
                null,
                null,
                samples::add,
                () -> 0,
                null,
                Map::of,
                () -> stopping);
        return new PolicyLearner(new PolicyPlan(100, 77, 4, 2, 2, 2, 1, 3), recipe, ports);
    }

    /** Odd prompts teach nothing: their answers are equal, or one of them is unscored. */
    private static Score odd(long prompt, int answer) {
        if (prompt % 4 == 3) {
            return answer == 0 ? Score.of(1) : Score.unscored("down");
        }
        return Score.of(prompt % 2 == 0 ? answer : 7);
    }

    private static List<String> texts(StepRows<Experience> rows) {
        return rows.microBatches().stream()
                .map(MicroBatch::rows)
                .flatMap(List::stream)
                .map(row -> row.trajectory().completion().text())
                .toList();
    }

    @Test
    void at_promptsOfOneScore_areReplacedAndCounted() {
        PolicyLearner learner = learner(DynamicSamplingTest::odd, 100);
        assertThat(texts(learner.at(0)))
                .containsExactly("answer 0 to 0", "answer 1 to 0", "answer 0 to 2", "answer 1 to 2");
        assertThat(texts(learner.at(1)))
                .containsExactly("answer 0 to 4", "answer 1 to 4", "answer 0 to 6", "answer 1 to 6");
        assertThat(calls).containsExactly("open 0 v0", "next 4", "publish v1", "next 4");
        assertThat(learner.counts()).isEqualTo(new LearnerCounts(16, 2, 8, 4));
        assertThat(samples).hasSize(16);
        assertThat(samples.stream().filter(row -> row.get("advantage") == null)).hasSize(8);
        Map<String, Metric> metrics = learner.takeMetrics();
        assertThat(metrics.get("dynamic_sampling/pass_rate").value()).isEqualTo(0.5);
        assertThat(metrics.get("dynamic_sampling/batches").value()).isEqualTo(2);
        assertThat(metrics.get("reward").value()).as("of what is kept").isEqualTo(0.5);
        assertThat(metrics.get("frac_reward_zero_std").value()).isZero();
        MetricsPage.requireDocumented(metrics.keySet().stream()
                .map(name -> name.replace("judge", "NAME"))
                .toList());
        learner.at(2);
        assertThat(calls).as("versions go on").endsWith("publish v2", "next 4", "publish v3", "next 4");
    }

    /** Prompts 0 to 2 of a batch of four pass, then five more: one too many, which is dropped. */
    @Test
    void at_moreThanNeeded_areDroppedAndCounted() {
        PolicyLearner learner = learner((prompt, answer) -> Score.of(prompt == 3 ? 1 : answer), 100);
        learner.at(0);
        assertThat(texts(learner.at(1))).endsWith("answer 0 to 4", "answer 1 to 4");
        assertThat(learner.counts()).isEqualTo(new LearnerCounts(16, 0, 8, 4));
        assertThat(learner.takeMetrics().get("dynamic_sampling/pass_rate").value())
                .isCloseTo(7.0 / 8, within(1e-12));
    }

    /** The mean of six times 0.1 is not 0.1, so these scores have a deviation of 1e-17. */
    @Test
    void of_equalScoresWhoseMeanIsRounded_areDropped() {
        List<Trajectory> sampled = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            sampled.add(answer(0, 0.1));
            sampled.add(answer(1, i == 5 ? 0.1 + 0.2 : 0.3));
            sampled.add(answer(2, i == 5 ? 0.2 : 0.3));
        }
        DynamicSampling sorted = DynamicSampling.of(sampled);
        assertThat(sorted.dropped()).extracting(group -> group.get(0).group()).containsExactly(0, 1);
        assertThat(sorted.passed()).extracting(group -> group.get(0).group()).containsExactly(2);
    }

    private static Trajectory answer(int group, double score) {
        Completion completion = new Completion("a", new int[] {2}, new float[] {-1}, FinishReason.STOP);
        return new Trajectory(Prompt.plain("p"), new int[] {1}, completion, group, 0, Score.of(score));
    }

    @Test
    void at_theLimit_namesTheScorer() {
        PolicyLearner learner = learner((prompt, answer) -> Score.of(prompt == 5 ? answer : 1), 100);
        assertThatThrownBy(() -> learner.at(0))
                .isInstanceOf(ScorerException.class)
                .hasMessageStartingWith(
                        "judge: after 3 batches (max_num_gen_batches) only 1 of 4 prompts had answers of"
                                + " unequal score");
    }

    @Test
    void at_promptsAtAnEnd_learnsFromThoseThatAreLeft() {
        PolicyLearner learner = learner(DynamicSamplingTest::odd, 6);
        assertThat(texts(learner.at(0))).hasSize(4);
        assertThat(texts(learner.at(1))).containsExactly("answer 0 to 4", "answer 1 to 4");
        assertThat(learner.at(2).isExhausted()).isTrue();
    }

    @Test
    void loadState_goesOnBehindTheReplacedPrompts() {
        PolicyLearner straight = learner(DynamicSamplingTest::odd, 100);
        straight.at(0);
        straight.at(1);
        straight.saveState(checkpoint);
        PolicyLearner resumed = learner(DynamicSamplingTest::odd, 100);
        resumed.loadState(checkpoint);
        assertThat(texts(resumed.at(2))).isEqualTo(texts(straight.at(2)));
        assertThat(resumed.counts()).isEqualTo(straight.counts());
        assertThat(calls).contains("open 8 v2");
    }

    /** The loop stops before it takes this for the end; the resumed run begins with the step's first prompt again. */
    @Test
    void at_stopAskedFor_samplesNoFurtherBatch() {
        List<String> first = texts(learner(DynamicSamplingTest::odd, 100).at(0));
        calls.clear();
        stopping = true;
        PolicyLearner stopped = learner(DynamicSamplingTest::odd, 100);
        assertThat(stopped.at(0).isExhausted()).isTrue();
        assertThat(calls).containsExactly("open 0 v0", "next 4");
        stopped.saveState(checkpoint);
        stopping = false;
        calls.clear();
        PolicyLearner resumed = learner(DynamicSamplingTest::odd, 100);
        resumed.loadState(checkpoint);
        assertThat(texts(resumed.at(0))).isEqualTo(first);
        assertThat(calls).containsExactly("open 0 v0", "next 4", "publish v1", "next 4");
        assertThat(resumed.counts()).isEqualTo(new LearnerCounts(16, 2, 8, 4));
    }
}
