package ai.preceptor.lm;

import java.util.Arrays;

/**
 * The most probable tokens of some next-token distributions.
 *
 * @param k tokens listed for each, at least 1
 * @param ids {@code [rows * k]}: token ids, most probable first
 * @param logprobs {@code [rows * (k + 1)]}: their log-probabilities in nats, and after each k that of all other tokens
 *     together
 */
@SuppressWarnings("ArrayRecordComponent") // numbers on their way to a device or a file, compared by nobody
public record TopTokens(int k, int[] ids, float[] logprobs) {

    /** @throws IllegalArgumentException if the lengths do not fit */
    public TopTokens {
        if (k < 1 || ids.length % k != 0 || logprobs.length != ids.length / k * (k + 1)) {
            throw new IllegalArgumentException("top tokens: k " + k + ", " + ids.length + " ids, " + logprobs.length
                    + " log-probabilities, must be 1 or more, rows * k and rows * (k + 1)");
        }
    }

    /** How many distributions. */
    public int rows() {
        return ids.length / k;
    }

    /** Some of the distributions, {@code from} to before {@code to}. */
    public TopTokens slice(int from, int to) {
        return new TopTokens(
                k,
                Arrays.copyOfRange(ids, from * k, to * k),
                Arrays.copyOfRange(logprobs, from * (k + 1), to * (k + 1)));
    }
}
