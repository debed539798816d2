package ai.preceptor.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of a reward objective on a micro-batch of rewards.
 *
 * @param loss this micro-batch's share of the step's loss; the shares of a step add up to its loss
 * @param gradient {@code [completions]}: derivative of {@code loss} by each reward
 * @param metrics named as on the metrics page, mergeable over micro-batches
 */
public record RewardLossReport(double loss, float[] gradient, Map<String, Metric> metrics) {

    /** Keeps an unmodifiable copy of the metrics in their order. */
    public RewardLossReport {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
}
