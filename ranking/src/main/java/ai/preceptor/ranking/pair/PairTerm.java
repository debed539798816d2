package ai.preceptor.ranking.pair;

import java.util.Map;

/**
 * The loss of one pair and its derivatives.
 *
 * @param loss its share of the step's loss: the pair's loss times its weight
 * @param chosenSlope derivative of the step's loss by the better answer's log-probability
 * @param rejectedSlope derivative by the worse answer's log-probability
 * @param chosenReward reward of the better answer in the eyes of the policy, for metrics
 * @param rejectedReward reward of the worse answer
 * @param metrics further numbers of the pair, by their names on the metrics page
 */
public record PairTerm(
        double loss,
        double chosenSlope,
        double rejectedSlope,
        double chosenReward,
        double rejectedReward,
        Map<String, Double> metrics) {

    /** Copies the metrics. */
    public PairTerm {
        metrics = Map.copyOf(metrics);
    }

    /** A part of a loss: no reward and no metric. */
    static PairTerm of(double loss, double chosenSlope, double rejectedSlope) {
        return new PairTerm(loss, chosenSlope, rejectedSlope, 0, 0, Map.of());
    }

    /** This term and a part of its loss more; rewards and metrics stay. */
    PairTerm plus(PairTerm part, double weight) {
        return new PairTerm(
                loss + weight * part.loss,
                chosenSlope + weight * part.chosenSlope,
                rejectedSlope + weight * part.rejectedSlope,
                chosenReward,
                rejectedReward,
                metrics);
    }
}
