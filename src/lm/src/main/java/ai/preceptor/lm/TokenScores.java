package ai.preceptor.lm;

/**
 * What a model thinks of given tokens.
 *
 * @param logprobs {@code [targets]}, nats
 * @param entropies {@code [targets]}: entropy of each whole next-token distribution, nats
 */
public record TokenScores(float[] logprobs, float[] entropies) {}
