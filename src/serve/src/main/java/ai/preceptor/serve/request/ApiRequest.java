package ai.preceptor.serve.request;

import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
     * @param promptLogprobs how many of the most probable tokens are returned with each token of a prompt, beside its own
     *     log-probability; null where prompts are not to be scored
     */
    public record ReplyOptions(
            boolean stream,
            boolean usage,
            boolean logprobs,
            int topLogprobs,
            @Nullable Integer promptLogprobs) {}

    /** Answers in all. */
    public int choices() {
        return prompts.size() * samples;
    }

    public int promptTokens() {
        return prompts.stream().mapToInt(ids -> ids.length).sum();
    }

    /** Log-probabilities of tokens of prompts that the reply has; each answer of a prompt repeats the prompt's. */
    public long promptEntries() {
        return reply.promptLogprobs() == null ? 0 : (long) promptTokens() * samples * (reply.promptLogprobs() + 1);
    }

    /** Log-probabilities of tokens of answers that are held, and that the reply has, if each is as long as it may be. */
    public long answerEntries() {
        return reply.logprobs() ? (long) choices() * options.settings().maxNewTokens() * (reply.topLogprobs() + 1) : 0;
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
