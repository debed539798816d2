package ai.preceptor.reward;

import java.util.List;

/** A loss of the rewards of all answers to one prompt: stateless, and independent of the model. */
public interface RankedRewardLoss {

    /** The configuration's name of the loss. */
    String name();

    /**
     * The loss of one group and its derivatives.
     *
     * @param rewards {@code [answers]}, what the model gives, in any order
     * @param scores the teacher's, one per reward; higher is better, and only their order counts
     * @throws IllegalArgumentException if there are not as many scores as rewards
     */
    Term evaluate(double[] rewards, List<Double> scores);

    /** @throws IllegalArgumentException if there are not as many scores as rewards */
    static void requireScores(double[] rewards, List<Double> scores) {
        if (rewards.length != scores.size()) {
            throw new IllegalArgumentException(
                    "scores: " + scores.size() + " for " + rewards.length + " rewards, must be one per reward");
        }
    }

    /**
     * The loss of one group.
     *
     * @param loss its value
     * @param slopes {@code [answers]}: derivative by each reward
     */
    record Term(double loss, double[] slopes) {}
}
