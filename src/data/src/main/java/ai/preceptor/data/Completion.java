package ai.preceptor.data;

import java.util.Arrays;

/**
 * A generated answer.
 *
 * @param text the decoded answer without special tokens
 * @param tokenIds the sampled tokens, the stop token included; not copied, do not modify
 * @param logprobs natural-log probability of each sampled token under the policy at temperature 1
 *     without top-k, top-p or min-p, regardless of the sampling settings; same length as {@code
 *     tokenIds}; not copied, do not modify
 * @param finishReason why it ended
 */
@SuppressWarnings("ArrayRecordComponent") // token arrays are large and pass between threads; equality is defined below
public record Completion(String text, int[] tokenIds, float[] logprobs, FinishReason finishReason) {

    /** @throws IllegalArgumentException if the two arrays differ in length or a log-probability is NaN */
    public Completion {
        if (tokenIds.length != logprobs.length) {
            throw new IllegalArgumentException(
                    "logprobs: expected one per token (" + tokenIds.length + "), received " + logprobs.length);
        }
        for (int i = 0; i < logprobs.length; i++) {
            if (Float.isNaN(logprobs[i])) {
                throw new IllegalArgumentException("logprobs[" + i + "]: expected a log-probability, received NaN");
            }
        }
    }

    /** Number of tokens. */
    public int length() {
        return tokenIds.length;
    }

    /** Sum of the token log-probabilities: the log-probability of the whole answer. */
    public double logprob() {
        double sum = 0;
        for (float value : logprobs) {
            sum += value;
        }
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Completion that
                && text.equals(that.text)
                && Arrays.equals(tokenIds, that.tokenIds)
                && Arrays.equals(logprobs, that.logprobs)
                && finishReason == that.finishReason;
    }

    @Override
    public int hashCode() {
        return 31 * text.hashCode() + Arrays.hashCode(tokenIds);
    }

    @Override
    public String toString() {
        return "Completion[" + length() + " tokens, " + finishReason + ", \"" + text + "\"]";
    }
}
