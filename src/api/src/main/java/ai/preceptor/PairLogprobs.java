package ai.preceptor;

/**
 * A model's log-probabilities of the two answers of a pair.
 *
 * @param chosen log-probability of the chosen answer in nats: the sum over its tokens
 * @param rejected the same of the rejected answer
 * @param chosenTokens tokens of the chosen answer, end of turn included
 * @param rejectedTokens tokens of the rejected answer
 */
public record PairLogprobs(double chosen, double rejected, int chosenTokens, int rejectedTokens) {}
