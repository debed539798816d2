package ai.preceptor.reward;

import ai.preceptor.data.RankedGroup;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.Encoded;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.train.Metric;
import ai.preceptor.train.OrderedPair;
import ai.preceptor.train.RewardLossReport;
import ai.preceptor.train.RewardObjective;
import ai.preceptor.train.Totals;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a {@link RankedRewardLoss} into the training loop. The step's loss is the mean over its groups, whatever their
 * sizes.
 *
 * <p>Metrics as {@link BradleyTerryObjective}'s: {@code accuracy} and {@code margin} are the mean over groups of the mean
 * over the group's strictly ordered pairs; a group without one counts in neither.
 */
public final class RankedRewardObjective implements RewardObjective<RankedGroup> {

    private final RankedRewardLoss loss;

    /** An objective with this loss. */
    public RankedRewardObjective(RankedRewardLoss loss) {
        this.loss = loss;
    }

    @Override
    public String name() {
        return loss.name();
    }

    @Override
    public void pack(RankedGroup row, PromptEncoder encoder, PackedBatch.Builder into) {
        Encoded encoded = encoder.encode(row.prompt(), row.responses());
        into.prompt(encoded.prompt());
        encoded.completions().forEach(into::answer);
    }

    @Override
    public int completions(RankedGroup row) {
        return row.size();
    }

    @Override
    public RewardLossReport evaluate(List<RankedGroup> rows, float[] rewards, Totals step) {
        int expected = rows.stream().mapToInt(RankedGroup::size).sum();
        if (rewards.length != expected) {
            throw new IllegalArgumentException("rewards: " + rewards.length + " for " + rows.size()
                    + " groups, must be one per answer, " + expected);
        }
        float[] gradient = new float[rewards.length];
        Map<String, Metric> metrics = new LinkedHashMap<>();
        double total = 0;
        int next = 0;
        for (RankedGroup row : rows) {
            double[] own = new double[row.size()];
            for (int i = 0; i < own.length; i++) {
                own[i] = rewards[next + i];
            }
            RankedRewardLoss.Term term = loss.evaluate(own, row.scores());
            total += term.loss() / step.rows();
            for (int i = 0; i < own.length; i++) {
                gradient[next + i] = (float) (term.slopes()[i] / step.rows());
            }
            metrics = Metric.merge(metrics, metrics(own, row.scores()));
            next += own.length;
        }
        return new RewardLossReport(total, gradient, metrics);
    }

    /** The metrics of one group; a pair is the group of its two answers. */
    static Map<String, Metric> metrics(double[] rewards, List<Double> scores) {
        List<OrderedPair> pairs = OrderedPair.of(scores);
        double right = 0;
        double margin = 0;
        for (OrderedPair pair : pairs) {
            double difference = rewards[pair.better()] - rewards[pair.worse()];
            right += difference > 0 ? 1 : 0;
            margin += difference;
        }
        int count = Math.max(1, pairs.size());
        int counted = pairs.isEmpty() ? 0 : 1;
        Map<String, Metric> metrics = new LinkedHashMap<>();
        metrics.put("accuracy", Metric.mean(right / count, counted));
        metrics.put("margin", Metric.mean(margin / count, counted));
        metrics.put("min_reward", Metric.min(Arrays.stream(rewards).min().orElseThrow()));
        metrics.put("mean_reward", Metric.mean(Arrays.stream(rewards).sum(), rewards.length));
        metrics.put("max_reward", Metric.max(Arrays.stream(rewards).max().orElseThrow()));
        return metrics;
    }
}
