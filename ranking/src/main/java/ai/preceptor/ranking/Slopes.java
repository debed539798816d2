package ai.preceptor.ranking;

import java.util.Map;

/**
 * A loss of two scores.
 *
 * @param loss its value
 * @param chosen derivative by the better answer's score
 * @param rejected derivative by the worse answer's score
 */
record Slopes(double loss, double chosen, double rejected) {
    static final Slopes NONE = new Slopes(0, 0, 0);

    Slopes plus(Slopes other) {
        return new Slopes(loss + other.loss, chosen + other.chosen, rejected + other.rejected);
    }

    Slopes times(double weight) {
        return new Slopes(weight * loss, weight * chosen, weight * rejected);
    }

    /** The same loss of what the scores are made of: the chain rule, given how fast each score grows with it. */
    Slopes through(double chosenRise, double rejectedRise) {
        return new Slopes(loss, chosen * chosenRise, rejected * rejectedRise);
    }

    /** As a pair's term, with the rewards of its answers. */
    PairTerm term(double chosenReward, double rejectedReward) {
        return new PairTerm(loss, chosen, rejected, chosenReward, rejectedReward, Map.of());
    }
}
