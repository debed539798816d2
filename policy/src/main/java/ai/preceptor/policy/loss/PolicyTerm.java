package ai.preceptor.policy.loss;

import ai.preceptor.train.Metric;
import java.util.Map;

/**
 * The contribution of one answer to a policy loss.
 *
 * @param loss its share of the step's loss
 * @param gradient {@code [tokens]}: derivative of {@code loss} by each token's log-probability
 * @param low share of its tokens whose gradient the lower bound cut
 * @param high share of its tokens whose gradient the upper bound cut
 * @param kl estimated KL to the reference in nats, summed over its tokens; not a number without a reference
 * @param metrics further metrics of the loss by name, merged over the answers of a step; possibly empty
 */
public record PolicyTerm(
        double loss, double[] gradient, double low, double high, double kl, Map<String, Metric> metrics) {

    /** Without further metrics. */
    public PolicyTerm(double loss, double[] gradient, double low, double high, double kl) {
        this(loss, gradient, low, high, kl, Map.of());
    }
}
