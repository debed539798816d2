package ai.preceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Score;
import ai.preceptor.policy.credit.Advantages;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.kl.KlPlacement;
import ai.preceptor.policy.reward.RewardBatch;
import ai.preceptor.policy.reward.RewardClip;
import ai.preceptor.policy.reward.RewardShaping;
import ai.preceptor.testkit.MetricsPage;
import ai.preceptor.train.Metric;
import ai.preceptor.train.sampling.FakeSampler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A batch whose scores are made of several scorers', and shaped before they become advantages. */
class ShapedBatchTest {
    private final List<Map<String, @Nullable Object>> samples = new ArrayList<>();

    /** Two answers to each of four prompts: they score 0 and 4, and the second scorer is down. */
    private PolicyLearner learner(RewardShaping shaping) {
        CreditConfig recipe = new CreditConfig(
                        new CreditAssignment.WholeAnswer(new Advantages.LeaveOneOut(false)),
                        KlPlacement.LOSS,
                        new KlController.Fixed(0),
                        "mix")
                .with(shaping);
        LearnerPorts ports = new LearnerPorts(
                (cursor, version) -> new FakeSampler(ShapedBatchTest::score, new ArrayList<>(), 100, cursor, version),
                null,
                null,
                null,
                null,
                samples::add,
                () -> 0,
                null,
                () -> Map.of("judge/undecided", 0.25),
                () -> false);
        return new PolicyLearner(new PolicyPlan(8, 77, 4, 2, 2, 2, 2), recipe, ports);
    }

    private static Score score(long prompt, int answer) {
        return Score.of(4 * answer)
                .with(List.of(new Score.Part("rule:brevity", answer, 4), new Score.Part("teacher", Double.NaN, 0)))
                .with(answer == 1 ? "Short." : "");
    }

    @Test
    void at_severalScorers_areInMetricsAndSamplesByName() {
        PolicyLearner learner = learner(RewardShaping.NONE);
        learner.at(0);
        Map<String, Metric> metrics = learner.takeMetrics();
        assertThat(metrics.get("rewards/mix/mean").value()).isEqualTo(2);
        assertThat(metrics.get("rewards/rule:brevity/mean").value()).isEqualTo(0.5);
        assertThat(metrics.get("judge/undecided").value()).as("of the scorer").isEqualTo(0.25);
        assertThat(metrics).containsKey("rewards/rule:brevity/std").doesNotContainKey("rewards/teacher/mean");
        Map<String, @Nullable Double> parts = new HashMap<>(Map.of("rule:brevity", 1.0));
        parts.put("teacher", null);
        assertThat(samples.get(1))
                .containsEntry("score", 4.0)
                .containsEntry("score_parts", parts)
                .containsEntry("critique", "Short.");
        assertThat(samples.get(0)).doesNotContainKey("critique");
    }

    @Test
    void at_shapedRewards_becomeAdvantages_andTheRawOnesStayMetrics() {
        PolicyLearner learner = learner(RewardShaping.all(List.of(new RewardClip(-1, 1), new FirstIsMasked())));
        List<Experience> rows = learner.at(0).microBatches().get(0).rows();
        assertThat(rows.get(1).advantages()[0]).as("4 is clipped to 1").isEqualTo(1);
        assertThat(rows)
                .extracting(Experience::counts)
                .as("in the baseline only")
                .containsExactly(false, true);
        Map<String, Metric> metrics = learner.takeMetrics();
        assertThat(metrics.get("shaping/reward_clipped_ratio").value()).isEqualTo(0.5);
        assertThat(metrics.get("reward").value()).as("raw").isEqualTo(2);
        assertThat(samples.get(0)).containsEntry("score", 0.0).containsEntry("advantage", null);
        assertThat(samples.get(1)).containsEntry("score", 4.0).containsEntry("advantage", 1.0);
        assertThat(learner.parts()).containsEntry("reward_shaping", "reward_clip=-1.0,1.0 first");
        MetricsPage.requireDocumented(metrics.keySet().stream()
                .map(name -> name.replaceAll("mix|rule:brevity", "NAME"))
                .toList());
    }

    private record FirstIsMasked() implements RewardShaping {
        @Override
        public RewardBatch shape(RewardBatch batch) {
            return batch.without(i -> i == 0);
        }

        @Override
        public String name() {
            return "first";
        }
    }
}
