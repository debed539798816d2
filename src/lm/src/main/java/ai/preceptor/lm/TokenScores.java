package ai.preceptor.lm;

/**
 * A model's log-probabilities of given tokens.
 *
 * @param logprobs {@code [targets]}, nats
 * @param entropies {@code [targets]}: entropy of each whole next-token distribution, nats
 */
public record TokenScores(float[] logprobs, float[] entropies) {}
