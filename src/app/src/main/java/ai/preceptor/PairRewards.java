package ai.preceptor;

/**
 * What a reward model gives the two answers of a pair.
 *
 * @param chosen reward of the chosen answer, in the model's own units
 * @param rejected reward of the rejected answer
 */
public record PairRewards(double chosen, double rejected) {}
