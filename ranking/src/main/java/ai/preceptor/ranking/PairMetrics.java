package ai.preceptor.ranking;

import ai.preceptor.train.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** TRL's metrics of preference training for one group: means over its strictly ordered pairs. */
final class PairMetrics {

    private PairMetrics() {}

    static Map<String, Metric> of(List<RankedAnswer> answers, GroupLossResult value) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        List<OrderedPair> pairs = OrderedPair.of(answers);
        double weight = 1.0 / pairs.size();
        for (OrderedPair pair : pairs) {
            double better = value.rewards()[pair.better()];
            double worse = value.rewards()[pair.worse()];
            add(metrics, "rewards/chosen", better, weight);
            add(metrics, "rewards/rejected", worse, weight);
            add(metrics, "rewards/accuracies", better > worse ? 1 : 0, weight);
            add(metrics, "rewards/margins", better - worse, weight);
            add(metrics, "logps/chosen", answers.get(pair.better()).logp(), weight);
            add(metrics, "logps/rejected", answers.get(pair.worse()).logp(), weight);
        }
        value.metrics().forEach((name, number) -> add(metrics, name, number, 1));
        return metrics;
    }

    private static void add(Map<String, Metric> metrics, String name, double value, double weight) {
        metrics.merge(name, Metric.mean(value * weight, weight), Metric::merge);
    }
}
