package ai.preceptor.policy.opd;

import ai.preceptor.train.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a teacher adds to the advantages of one answer.
 *
 * @param rewards {@code [tokens]}: log pi_T - log pi_old in nats; not a number where the teacher gave none
 * @param weights {@code [tokens]}: importance weights, 1 without
 * @param terms {@code [tokens]}: what is added to each advantage, finite; 0 where unscored
 */
@SuppressWarnings("ArrayRecordComponent") // numbers on their way, compared by nobody
public record DistilledAnswer(double[] rewards, double[] weights, double[] terms) {

    /** The advantages with these terms, a new array. */
    public double[] added(double[] advantages) {
        double[] sum = advantages.clone();
        for (int t = 0; t < sum.length; t++) {
            sum[t] += terms[t];
        }
        return sum;
    }

    /**
     * Metrics of a batch: {@code opd/reverse_kl} and {@code opd/mean_abs_advantage}, means over scored tokens of
     * log pi_old - log pi_T and of its magnitude, {@code opd/min_weight}, {@code opd/max_weight}, and {@code
     * opd/tokens_unscored}, how many tokens the teacher gave no log-probability.
     */
    public static Map<String, Metric> metrics(List<DistilledAnswer> answers) {
        double kl = 0;
        double magnitude = 0;
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        int scored = 0;
        int unscored = 0;
        for (DistilledAnswer answer : answers) {
            for (int t = 0; t < answer.rewards.length; t++) {
                if (Double.isNaN(answer.rewards[t])) {
                    unscored++;
                    continue;
                }
                scored++;
                kl -= answer.rewards[t];
                magnitude += Math.abs(answer.rewards[t]);
                least = Math.min(least, answer.weights[t]);
                most = Math.max(most, answer.weights[t]);
            }
        }
        Map<String, Metric> metrics = new LinkedHashMap<>();
        if (scored > 0) {
            metrics.put("opd/reverse_kl", Metric.mean(kl, scored));
            metrics.put("opd/mean_abs_advantage", Metric.mean(magnitude, scored));
            metrics.put("opd/min_weight", Metric.min(least));
            metrics.put("opd/max_weight", Metric.max(most));
        }
        metrics.put("opd/tokens_unscored", Metric.mean(unscored, 1));
        return metrics;
    }
}
