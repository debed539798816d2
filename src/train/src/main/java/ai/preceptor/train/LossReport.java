package ai.preceptor.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of an objective on a micro-batch of log-probabilities.
 *
 * @param loss this micro-batch's share of the step's loss in nats; the shares of a step add up to its loss
 * @param gradient {@code [targets]}: derivative of {@code loss} by each log-probability, the length of the input; 0 for
 *     tokens that take no part
 * @param entropyGradient {@code [targets]}: derivative of {@code loss} by the entropy of each target's distribution, for an
 *     objective whose {@link Objective#statistics} has {@link ai.preceptor.lm.TokenStatistic#ENTROPY}; null for none
 * @param metrics named as on the metrics page, mergeable over micro-batches
 */
public record LossReport(
        double loss, float[] gradient, float @Nullable [] entropyGradient, Map<String, Metric> metrics) {

    /** Keeps an unmodifiable copy of the metrics in their order. */
    public LossReport {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    /** Of a loss of log-probabilities alone. */
    public LossReport(double loss, float[] gradient, Map<String, Metric> metrics) {
        this(loss, gradient, null, metrics);
    }
}
