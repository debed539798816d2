package ai.preceptor;

/**
 * A reward model's rewards of the two answers of a pair.
 *
 * @param chosen reward of the chosen answer, in the model's own units or normalized
 * @param rejected reward of the rejected answer
 * @param chosenUncertainty standard deviation of the chosen answer's reward over an ensemble's heads, 0 for one head
 * @param rejectedUncertainty the same of the rejected answer
 */
public record PairRewards(double chosen, double rejected, double chosenUncertainty, double rejectedUncertainty) {}
