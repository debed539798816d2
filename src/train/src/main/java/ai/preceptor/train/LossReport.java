package ai.preceptor.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of an objective on a micro-batch of log-probabilities.
 *
 * @param loss this micro-batch's share of the step's loss in nats; the shares of a step add up to its loss
 * @param gradient {@code [targets]}: derivative of {@code loss} by each log-probability, the length of the input; 0 for
 *     tokens that take no part
 * @param metrics named as on the metrics page, mergeable over micro-batches
 */
public record LossReport(double loss, float[] gradient, Map<String, Metric> metrics) {

    /** Keeps an unmodifiable copy of the metrics in their order. */
    public LossReport {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
}
