package ai.preceptor.lm;

import java.util.Arrays;

/**
 * Given tokens among all tokens of the vocabulary.
 *
 * @param k how many of the most probable tokens are listed for each, 0 or more
 * @param logprobs {@code [tokens]}: natural-log probability of each given token
 * @param ranks {@code [tokens]}: 1 plus how many tokens are more probable
 * @param topIds {@code [tokens * k]}: the most probable tokens in its place, most probable first
 * @param topLogprobs {@code [tokens * k]}: their log-probabilities in nats
 */
@SuppressWarnings("ArrayRecordComponent") // numbers on their way from a device, compared by nobody
public record RankedTokens(int k, float[] logprobs, int[] ranks, int[] topIds, float[] topLogprobs) {

    /** @throws IllegalArgumentException if the lengths do not fit */
    public RankedTokens {
        int tokens = logprobs.length;
        if (k < 0 || ranks.length != tokens || topIds.length != tokens * k || topLogprobs.length != tokens * k) {
            throw new IllegalArgumentException("ranked tokens: k " + k + ", " + tokens + " log-probabilities, "
                    + ranks.length + " ranks, " + topIds.length + " ids with " + topLogprobs.length
                    + " log-probabilities, must be 0 or more, tokens, tokens and twice tokens * k");
        }
    }

    /** How many given tokens. */
    public int tokens() {
        return logprobs.length;
    }

    /** Some of the given tokens, {@code from} to before {@code to}. */
    public RankedTokens slice(int from, int to) {
        return new RankedTokens(
                k,
                Arrays.copyOfRange(logprobs, from, to),
                Arrays.copyOfRange(ranks, from, to),
                Arrays.copyOfRange(topIds, from * k, to * k),
                Arrays.copyOfRange(topLogprobs, from * k, to * k));
    }
}
