package ai.preceptor.vector;

import org.jspecify.annotations.Nullable;

/**
 * A token that was chosen.
 *
 * @param id its id; means nothing if a log-probability is not finite
 * @param logprob its log-probability at temperature 1 with nothing cut off or changed
 * @param samplingLogprob its log-probability under the distribution that was drawn from; 0 if greedy
 * @param support ids that could be drawn, rising; null if that is the whole vocabulary or was not wanted
 * @param topIds the most probable ids with nothing changed, the most probable first
 * @param topLogprobs their log-probabilities
 */
@SuppressWarnings("ArrayRecordComponent") // read once, compared by nobody
public record Drawn(
        int id, double logprob, double samplingLogprob, int @Nullable [] support, int[] topIds, double[] topLogprobs) {}
