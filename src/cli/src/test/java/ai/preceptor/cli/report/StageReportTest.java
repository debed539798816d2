package ai.preceptor.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the report of one run says first, in words and in charts. */
class StageReportTest {
    private final Map<String, List<Point>> columns = new LinkedHashMap<>();

    /** Twenty steps, so that five at each end are its start and its end. */
    private void metric(String name, DoubleUnaryOperator value) {
        columns.put(
                name,
                IntStream.rangeClosed(1, 20)
                        .mapToObj(step -> new Point(step, value.applyAsDouble(step)))
                        .toList());
    }

    private StageReport policy() {
        metric("step", step -> step);
        metric("loss", step -> 1e-7 * step);
        metric("grad_norm", step -> 5 + step % 3);
        metric("learning_rate", step -> 1e-3 / step);
        metric("sampling_time", step -> 0.3 * step);
        metric("reference_time", step -> 0.2 * step);
        metric("completions/mean_length", step -> 10 + step % 2);
        metric("completions/max_length", step -> 30 + step);
        metric("completions/min_length", step -> 2 + step % 2);
        metric("completions/clipped_ratio", step -> 0.01 * step);
        metric("objective/kl", step -> step == 1 ? -1e-7 : 0.1 * step);
        metric("objective/non_score_reward", step -> -0.01 * step);
        metric("beta", step -> 0.1);
        metric("reward", step -> step);
        metric("rewards/reward_model/mean", step -> step);
        return new StageReport("ppo", "policy", columns, Map.of("steps", 20, "train_runtime", 2.0));
    }

    private static List<Curve> pictures(StageReport report, String chapter) {
        return report.model(List.of(), List.of(), "").chapters().stream()
                .filter(each -> each.title().equals(chapter))
                .findFirst()
                .orElseThrow()
                .pictures();
    }

    /** Rewards 1 to 5 and 16 to 20: means 3 and 18, deviation sqrt(2.5), t(4) = 2.776, half 2.776 sqrt(2.5 / 5) = 1.963. */
    @Test
    void policy_leadsWithRewardAndKl_withIntervals() {
        assertThat(policy().sentence())
                .isEqualTo("ppo: 20 steps in 2.0 s. Reward 3.00 ± 1.96 → 18.0 ± 2.0, KL to the reference 0.28 ± 0.24 →"
                        + " 1.80 ± 0.20 nats per answer, answer length 10.6 ± 0.7 → 10.4 ± 0.7 tokens (means of the"
                        + " first and last 5 steps, with 95 % intervals).");
    }

    @Test
    void policy_chartsBeginWithRewardKlAndOneOverTheOther() {
        List<Curve> first = pictures(policy(), "Reward and KL");
        assertThat(first)
                .extracting(Curve::title)
                .containsExactly(
                        "reward", "objective/kl", "Reward over KL to the reference", "completions/mean_length");
        Line way = first.get(2).lines().get(0);
        assertThat(way.points().get(0)).as("means of the first two steps").isEqualTo(new Point(0.09999995, 1.5));
    }

    @Test
    void others_shareAChartOnlyWithTheirUnit_andConstantsAreNamed() {
        StageReport report = policy();
        List<Curve> others = pictures(report, "Learning curves");
        assertThat(others)
                .extracting(Curve::title)
                .containsExactly(
                        "loss",
                        "grad_norm",
                        "learning_rate",
                        "completions: tokens",
                        "completions/clipped_ratio",
                        "objective/non_score_reward",
                        "time: seconds");
        assertThat(others.get(3).lines())
                .extracting(Line::name)
                .containsExactly("completions/max_length", "completions/min_length");
        assertThat(others.get(4).yLabel()).isEqualTo("share");
        assertThat(new ReportPage(report.model(List.of(), List.of(), "")).render())
                .contains("Not drawn: beta is 0.1000, rewards/reward_model/mean equals reward.");
    }

    @Test
    void rewardModel_saysHowManyHeldOutPairsAreRight_inWords() {
        metric("accuracy", step -> step < 6 ? 0.5 : 1);
        metric("loss", step -> 0.5);
        Map<String, Object> summary = new LinkedHashMap<>(Map.of("steps", 20, "train_runtime", 2.0));
        summary.putAll(Map.of("eval_accuracy", 0.96, "eval_accuracy_low", 0.923, "eval_accuracy_high", 0.98));
        summary.putAll(Map.of("eval_pairs", 200, "eval_unscored", 3, "eval_margin", 4.7));
        assertThat(new StageReport("reward", "reward", columns, summary).sentence())
                .isEqualTo(
                        "reward: 20 steps in 2.0 s. 96.0 % of 200 held-out pairs in the right order (95 % interval 92.3"
                                + " to 98.0 %); 3 more have no score. Pairs in the right order 50.0 ± 0.0 → 100.0 ± 0.0 %, loss"
                                + " 0.50 ± 0.00 → 0.50 ± 0.00 (means of the first and last 5 steps, with 95 % intervals).");
        summary.keySet().removeIf(key -> key.startsWith("eval_"));
        summary.put("eval_steps", 40);
        summary.put("eval_accuracy", 0.5);
        assertThat(new StageReport("prm", "reward", columns, summary).sentence())
                .contains("50.0 % of 40 held-out steps classified correctly.");
    }

    /** Its line, and the interval of held-out prompts, stand in the chart of the training metric. */
    @Test
    void heldOut_isBesideTraining() {
        policy();
        columns.put("eval_reward", List.of(new Point(10, 9), new Point(20, 17)));
        columns.put("eval_reward_low", List.of(new Point(10, 8), new Point(20, 16)));
        columns.put("eval_reward_high", List.of(new Point(10, 10), new Point(20, 18.5)));
        columns.put("eval_rewards/rule/mean", List.of(new Point(10, 9), new Point(20, 17)));
        columns.put("eval_completions/max_length", List.of(new Point(10, 39), new Point(20, 41)));
        StageReport report = new StageReport(
                "ppo",
                "policy",
                columns,
                Map.of("steps", 20, "eval_reward", 17.0, "eval_reward_low", 16.0, "eval_reward_high", 18.5));
        Curve reward = pictures(report, "Reward and KL").get(0);
        assertThat(reward.lines()).extracting(Line::name).containsExactly("reward", "eval_reward");
        assertThat(reward.lines().get(1).points())
                .containsExactly(new Point(10, 9, 8, 10), new Point(20, 17, 16, 18.5));
        assertThat(pictures(report, "Learning curves"))
                .flatExtracting(Curve::lines)
                .extracting(Line::name)
                .contains("eval_completions/max_length")
                .doesNotContain("eval_reward", "eval_reward_low", "eval_reward_high", "eval_rewards/rule/mean");
        assertThat(report.sentence()).endsWith("On held-out rows: reward 17.0 (95 % interval 16.0 to 18.5).");
    }

    @Test
    void oneStep_isDrawnAndSaidWithoutAnInterval() {
        columns.put("loss", List.of(new Point(1, 0.693)));
        columns.put("rewards/accuracies", new ArrayList<>(List.of(new Point(1, 0))));
        StageReport report = new StageReport("dpo", "rank", columns, Map.of("steps", 1, "train_runtime", 0.5));
        assertThat(report.sentence()).isEqualTo("dpo: 1 steps in 0.5 s. Pairs in the right order 0.0 %, loss 0.69.");
        assertThat(pictures(report, "Main metrics"))
                .extracting(Curve::title)
                .containsExactly("rewards/accuracies", "loss");
        assertThat(new StageReport("sft", "sft", Map.of(), Map.of("steps", 0)).sentence())
                .isEqualTo("sft: 0 steps in 0.0 s");
    }
}
