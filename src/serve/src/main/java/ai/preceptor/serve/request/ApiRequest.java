package ai.preceptor.serve.request;

import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A parsed request.
 *
 * @param prompts token ids, one or more prompts
 * @param samples answers to each
 * @param options how tokens are chosen, with the request's seed
 * @param reply the form of the answer
 */
public record ApiRequest(List<int[]> prompts, int samples, SamplingOptions options, ReplyOptions reply) {
    /**
     * The form of an answer.
     *
     * @param stream in pieces, as it grows
     * @param usage whether a stream ends with the count of tokens
     * @param logprobs whether tokens are returned with their log-probabilities
     * @param topLogprobs how many of the most probable tokens are returned with each
     */
    public record ReplyOptions(boolean stream, boolean usage, boolean logprobs, int topLogprobs) {}

    /** Answers in all. */
    public int choices() {
        return prompts.size() * samples;
    }

    public int promptTokens() {
        return prompts.stream().mapToInt(ids -> ids.length).sum();
    }

    /** What the engine is asked, a request for each prompt; equal prompts of one request draw differently. */
    public List<GenerationRequest> forEngine(Duration timeout) {
        List<GenerationRequest> all = new ArrayList<>();
        for (int[] prompt : prompts) {
            all.add(new GenerationRequest(
                    prompt, samples, options.stream(all.size()), reply.stream(), reply.topLogprobs(), timeout));
        }
        return all;
    }
}
