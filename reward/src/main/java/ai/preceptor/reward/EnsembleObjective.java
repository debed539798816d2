package ai.preceptor.reward;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.train.Metric;
import ai.preceptor.train.RewardLossReport;
import ai.preceptor.train.RewardObjective;
import ai.preceptor.train.Totals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains several heads on one trunk, each by the same objective. The step's loss is the mean over the heads, so the trunk
 * moves as far as under one head; a head's own gradient is a share of it.
 *
 * <p>Metrics are those of the objective on the ensemble's mean rewards, and {@code reward_uncertainty}: the sample standard
 * deviation over the heads, mean over the answers.
 *
 * @param <R> type of a row
 */
public final class EnsembleObjective<R> implements RewardObjective<R> {

    private final RewardObjective<R> each;
    private final int heads;

    /**
     * An ensemble.
     *
     * @param each what every head learns
     * @param heads how many there are, at least 1; the model must have as many
     */
    public EnsembleObjective(RewardObjective<R> each, int heads) {
        if (heads < 1) {
            throw new IllegalArgumentException("heads: " + heads + ", must be at least 1");
        }
        this.each = each;
        this.heads = heads;
    }

    @Override
    public String name() {
        return each.name();
    }

    @Override
    public void pack(R row, PromptEncoder encoder, PackedBatch.Builder into) {
        each.pack(row, encoder, into);
    }

    @Override
    public int completions(R row) {
        return each.completions(row);
    }

    /** @param rewards {@code [completions, heads]}, the heads of a completion together */
    @Override
    public RewardLossReport evaluate(List<R> rows, float[] rewards, Totals step) {
        int answers = rows.stream().mapToInt(this::completions).sum();
        if (rewards.length != answers * heads) {
            throw new IllegalArgumentException("rewards: " + rewards.length + " for " + answers + " answers and "
                    + heads + " heads, must be " + answers * heads);
        }
        float[] gradient = new float[rewards.length];
        double loss = 0;
        for (int head = 0; head < heads; head++) {
            float[] own = new float[answers];
            for (int i = 0; i < answers; i++) {
                own[i] = rewards[i * heads + head];
            }
            RewardLossReport report = each.evaluate(rows, own, step);
            loss += report.loss() / heads;
            for (int i = 0; i < answers; i++) {
                gradient[i * heads + head] = report.gradient()[i] / heads;
            }
        }
        return new RewardLossReport(loss, gradient, metrics(rows, rewards, answers, step));
    }

    private Map<String, Metric> metrics(List<R> rows, float[] rewards, int answers, Totals step) {
        float[] means = new float[answers];
        double uncertainty = 0;
        for (int i = 0; i < answers; i++) {
            double[] own = new double[heads];
            for (int head = 0; head < heads; head++) {
                own[head] = rewards[i * heads + head];
            }
            EnsembleReward reward = EnsembleReward.of(own);
            means[i] = (float) reward.mean();
            uncertainty += reward.std();
        }
        Map<String, Metric> metrics =
                new LinkedHashMap<>(each.evaluate(rows, means, step).metrics());
        metrics.put("reward_uncertainty", Metric.mean(uncertainty, answers));
        return metrics;
    }
}
