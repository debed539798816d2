package ai.preceptor.ranking.answer;

import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.TokenStatistics;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.train.Metric;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects TRL's metrics of preference training over a micro-batch, for the package's three kinds of objectives; a tie in {@code rewards/accuracies} is wrong. */
public final class AnswerMetrics {

    private final Map<String, Metric> metrics = new LinkedHashMap<>();

    /** Everything so far. */
    public Map<String, Metric> all() {
        return metrics;
    }

    /** Adds to a metric. */
    public void add(String name, Metric metric) {
        metrics.merge(name, metric, Metric::merge);
    }

    /**
     * One ordered pair.
     *
     * @param chosenLogp log-probability of its better answer, as the loss reports them
     * @param share part of its row that the pair is
     */
    public void pair(double chosenReward, double rejectedReward, double chosenLogp, double rejectedLogp, double share) {
        mean("rewards/chosen", chosenReward, share);
        mean("rewards/rejected", rejectedReward, share);
        mean("rewards/accuracies", chosenReward > rejectedReward ? 1 : 0, share);
        mean("rewards/margins", chosenReward - rejectedReward, share);
        mean("logps/chosen", chosenLogp, share);
        mean("logps/rejected", rejectedLogp, share);
    }

    /** The entropy over an answer's tokens. */
    public void addEntropy(Span answer, TokenStatistics statistics) {
        tokens("entropy", answer, statistics.of(TokenStatistic.ENTROPY), 1);
    }

    /** A mean over tokens. */
    public void tokens(String name, Span span, float[] values, double weight) {
        add(name, Metric.mean(weight * span.sum(values), weight * span.length()));
    }

    /** A mean over observations. */
    public void mean(String name, double value, double weight) {
        add(name, Metric.mean(value * weight, weight));
    }
}
