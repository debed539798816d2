package ai.preceptor.lm.generate;

import java.util.List;

/**
 * A token that was drawn.
 *
 * @param id the token
 * @param logprob its natural-log probability under the model at temperature 1, nothing cut off or penalized: the policy's
 * @param samplingLogprob under the distribution it was drawn from, after everything in {@link SamplingOptions}; 0 when
 *     greedy
 * @param top the most probable tokens, falling, under the same distribution as {@code logprob}; as many as the request asked
 *     for
 */
public record GeneratedToken(int id, float logprob, float samplingLogprob, List<Chance> top) {

    /** Copies the list. */
    public GeneratedToken {
        top = List.copyOf(top);
    }

    /**
     * An alternative.
     *
     * @param id the token
     * @param logprob as {@link GeneratedToken#logprob}
     */
    public record Chance(int id, float logprob) {}
}
