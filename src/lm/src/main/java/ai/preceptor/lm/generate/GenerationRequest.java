package ai.preceptor.lm.generate;

import ai.preceptor.data.Prompt;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One prompt to complete, with settings of its own. Its samples depend on nothing but itself and the model: not on what
 * else is generated with it.
 *
 * @param promptIds token ids, 1 to context - 1 of them; not copied, do not modify
 * @param samples completions wanted, at least 1; they differ by their number
 * @param options how to choose tokens, with the request's own seed
 * @param streamed whether {@link ai.preceptor.lm.engine.GenerationEvent.Progress} is wanted for every token
 * @param topLogprobs how many most probable tokens to report with every token, 0 to 20
 * @param supports whether the ids are wanted that each token was drawn from where filters cut off others, see {@link
 *     ai.preceptor.data.Completion#support}; they have to be fetched from the device. Not told of a request at temperature 0
 * @param timeLimit from submission, for all turns together; what is not finished then ends with {@link
 *     ai.preceptor.data.FinishReason#DEADLINE}. Null for none
 * @param prompt what the ids are of: its columns are the chat template's variables in later turns too. Null for none
 */
@SuppressWarnings("ArrayRecordComponent") // a value to pass on, compared by nobody
public record GenerationRequest(
        int[] promptIds,
        int samples,
        SamplingOptions options,
        boolean streamed,
        int topLogprobs,
        boolean supports,
        @Nullable Duration timeLimit,
        @Nullable Prompt prompt) {

    /** Most alternatives of a token that are reported, as OpenAI has it. */
    public static final int MOST_TOP_LOGPROBS = 20;

    /** @throws IllegalArgumentException naming the number that is out of its range */
    public GenerationRequest {
        SamplingOptions.require(samples >= 1, "samples", samples, "at least 1");
        SamplingOptions.require(
                topLogprobs >= 0 && topLogprobs <= MOST_TOP_LOGPROBS,
                "top_logprobs",
                topLogprobs,
                "0 to " + MOST_TOP_LOGPROBS);
        SamplingOptions.require(
                timeLimit == null || !timeLimit.isNegative(), "time limit", String.valueOf(timeLimit), "0 or more");
    }

    /** Without supports. */
    public GenerationRequest(
            int[] promptIds,
            int samples,
            SamplingOptions options,
            boolean streamed,
            int topLogprobs,
            @Nullable Duration timeLimit) {
        this(promptIds, samples, options, streamed, topLogprobs, false, timeLimit, null);
    }

    /** Finished samples only, without alternatives or a deadline. */
    public GenerationRequest(int[] promptIds, int samples, SamplingOptions options) {
        this(promptIds, samples, options, false, 0, null);
    }

    /** The same with the ids that each token was drawn from. */
    public GenerationRequest withSupports() {
        return new GenerationRequest(promptIds, samples, options, streamed, topLogprobs, true, timeLimit, prompt);
    }

    /** The same with what its ids are of. */
    public GenerationRequest of(Prompt asked) {
        return new GenerationRequest(promptIds, samples, options, streamed, topLogprobs, supports, timeLimit, asked);
    }
}
