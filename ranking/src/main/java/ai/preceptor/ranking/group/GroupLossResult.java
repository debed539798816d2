package ai.preceptor.ranking.group;

import java.util.Map;

/**
 * The loss of one group of K answers and its derivatives.
 *
 * @param loss the group's loss
 * @param gradient {@code [K]}: derivative of the loss by each answer's summed log-probability, and so by the
 *     log-probability of each of its tokens
 * @param rewards {@code [K]}: the reward each answer has in the eyes of the policy, by which the loss orders them; for
 *     metrics
 * @param metrics further numbers of the group, by their names on the metrics page
 */
public record GroupLossResult(double loss, double[] gradient, double[] rewards, Map<String, Double> metrics) {

    /** Copies the metrics. */
    public GroupLossResult {
        metrics = Map.copyOf(metrics);
    }
}
