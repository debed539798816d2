package ai.preceptor.data;

import ai.preceptor.data.support.TokenSupports;
import ai.preceptor.data.tool.ToolTurns;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A generated answer.
 *
 * @param text the decoded answer without special tokens; where tools were called, the model's last turn
 * @param tokenIds the tokens that the model sampled, stop tokens included; not copied, do not modify
 * @param logprobs natural-log probability of each sampled token under the policy at temperature 1
 *     without top-k, top-p or min-p, regardless of the sampling settings; same length as {@code
 *     tokenIds}; not copied, do not modify
 * @param samplerLogprobs the same under the distribution that each token was drawn from, after temperature, penalties and
 *     filters: what importance weights divide by; not copied, do not modify
 * @param finishReason why it ended
 * @param support the ids that each token was drawn from, for who normalizes over them; null if nothing was cut off, or if the
 *     sampler was not asked
 * @param turns what tools wrote between those tokens; null where there were no tools to call
 */
@SuppressWarnings("ArrayRecordComponent") // token arrays are large and pass between threads; equality is defined below
public record Completion(
        String text,
        int[] tokenIds,
        float[] logprobs,
        float[] samplerLogprobs,
        FinishReason finishReason,
        @Nullable TokenSupports support,
        @Nullable ToolTurns turns) {

    /**
     * @throws IllegalArgumentException if the arrays differ in length, a log-probability is NaN, a token is not in its
     *     support, or no token was sampled after the last turn of tools
     */
    public Completion {
        requireLogprobs("logprobs", logprobs, tokenIds.length);
        requireLogprobs("samplerLogprobs", samplerLogprobs, tokenIds.length);
        if (support != null) {
            support.requireFits(tokenIds);
        }
        if (turns != null && turns.lastPlace() >= tokenIds.length) {
            throw new IllegalArgumentException("turns: the last one after token " + turns.lastPlace()
                    + ", expected fewer than the sampled tokens, " + tokenIds.length);
        }
    }

    /** Without calls of tools. */
    public Completion(
            String text,
            int[] tokenIds,
            float[] logprobs,
            float[] samplerLogprobs,
            FinishReason finishReason,
            @Nullable TokenSupports support) {
        this(text, tokenIds, logprobs, samplerLogprobs, finishReason, support, null);
    }

    /** Without a support. */
    public Completion(
            String text, int[] tokenIds, float[] logprobs, float[] samplerLogprobs, FinishReason finishReason) {
        this(text, tokenIds, logprobs, samplerLogprobs, finishReason, null);
    }

    /** Drawn from the policy's own distribution, at temperature 1 and unfiltered. */
    public Completion(String text, int[] tokenIds, float[] logprobs, FinishReason finishReason) {
        this(text, tokenIds, logprobs, logprobs, finishReason);
    }

    private static void requireLogprobs(String name, float[] values, int tokens) {
        if (tokens != values.length) {
            throw new IllegalArgumentException(
                    name + ": expected one per token (" + tokens + "), received " + values.length);
        }
        for (int i = 0; i < values.length; i++) {
            if (Float.isNaN(values[i])) {
                throw new IllegalArgumentException(name + "[" + i + "]: expected a log-probability, received NaN");
            }
        }
    }

    /** Number of tokens that the model sampled. */
    public int length() {
        return tokenIds.length;
    }

    /** All tokens after the prompt, those that tools wrote included: what a model reads. Do not modify. */
    public int[] allIds() {
        return turns == null ? tokenIds : turns.all(tokenIds);
    }

    /** For each of {@link #allIds}, whether the model sampled it, and may learn from it. */
    public boolean[] sampled() {
        return (turns == null ? ToolTurns.NONE : turns).mask(tokenIds.length);
    }

    /** Whether the model sampled all tokens, one after the other. */
    public boolean isOneTurn() {
        return turns == null || turns.turns().isEmpty();
    }

    /**
     * Those of the tokens that the model sampled.
     *
     * @param numbers one for each of {@link #allIds}
     * @return one for each of {@link #tokenIds}; the same array where no tool wrote anything
     */
    public float[] ofSampled(float[] numbers) {
        if (isOneTurn()) {
            return numbers;
        }
        boolean[] sampled = sampled();
        float[] own = new float[tokenIds.length];
        int next = 0;
        for (int t = 0; t < sampled.length; t++) {
            if (sampled[t]) {
                own[next++] = numbers[t];
            }
        }
        return own;
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
                && Arrays.equals(samplerLogprobs, that.samplerLogprobs)
                && finishReason == that.finishReason
                && Objects.equals(support, that.support)
                && Objects.equals(turns, that.turns);
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
