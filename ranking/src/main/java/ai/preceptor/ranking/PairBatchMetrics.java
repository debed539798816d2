package ai.preceptor.ranking;

import ai.preceptor.lm.Span;
import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.TokenStatistics;
import ai.preceptor.train.Metric;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects TRL's metrics of preference training over a micro-batch. */
final class PairBatchMetrics {

    private final Map<String, Metric> metrics = new LinkedHashMap<>();

    /** Everything so far. */
    Map<String, Metric> all() {
        return metrics;
    }

    /** Adds to a metric. */
    void add(String name, Metric metric) {
        metrics.merge(name, metric, Metric::merge);
    }

    /**
     * One pair.
     *
     * @param share part of its row that the pair is
     * @param reported how log-probabilities are reported
     */
    void add(AnswerPair pair, PairTerm term, double share, SequenceScore reported) {
        boolean right = term.chosenReward() > term.rejectedReward();
        mean("rewards/chosen", term.chosenReward(), share);
        mean("rewards/rejected", term.rejectedReward(), share);
        mean("rewards/accuracies", right ? 1 : 0, share);
        mean("rewards/margins", term.chosenReward() - term.rejectedReward(), share);
        mean("logps/chosen", reported.of(pair.chosen()), share);
        mean("logps/rejected", reported.of(pair.rejected()), share);
        term.metrics().forEach((name, value) -> mean(name, value, share));
    }

    /** Token statistics of a pair's answers, and whether the better one's tokens were the most probable. */
    void add(TokenPair pair, TokenStatistics statistics) {
        float[] logits = statistics.of(TokenStatistic.MEAN_LOGIT);
        tokens("logits/chosen", pair.chosen(), logits, pair.share());
        tokens("logits/rejected", pair.rejected(), logits, pair.share());
        tokens("mean_token_accuracy", pair.chosen(), statistics.top1(), pair.share());
    }

    /** The entropy over an answer's tokens. */
    void addEntropy(Span answer, TokenStatistics statistics) {
        tokens("entropy", answer, statistics.of(TokenStatistic.ENTROPY), 1);
    }

    /** A mean over tokens. */
    void tokens(String name, Span span, float[] values, double weight) {
        add(name, Metric.mean(weight * span.sum(values), weight * span.length()));
    }

    /** A mean over observations. */
    void mean(String name, double value, double weight) {
        add(name, Metric.mean(value * weight, weight));
    }
}
