package ai.preceptor.ranking.pair;

import java.util.Map;

/**
 * A loss of two scores.
 *
 * @param loss its value
 * @param chosen derivative by the better answer's score
 * @param rejected derivative by the worse answer's score
 */
record PairGradient(double loss, double chosen, double rejected) {
    static final PairGradient NONE = new PairGradient(0, 0, 0);

    PairGradient plus(PairGradient other) {
        return new PairGradient(loss + other.loss, chosen + other.chosen, rejected + other.rejected);
    }

    PairGradient times(double weight) {
        return new PairGradient(weight * loss, weight * chosen, weight * rejected);
    }

    /** The same loss of what the scores are made of: the chain rule, given how fast each score grows with it. */
    PairGradient through(double chosenRise, double rejectedRise) {
        return new PairGradient(loss, chosen * chosenRise, rejected * rejectedRise);
    }

    /** As a pair's term, with the rewards of its answers. */
    PairTerm term(double chosenReward, double rejectedReward) {
        return new PairTerm(loss, chosen, rejected, chosenReward, rejectedReward, Map.of());
    }
}
