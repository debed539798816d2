package ai.preceptor.lm.generate;

/**
 * One prompt to complete, with settings of its own. Its samples depend on nothing but itself and the model: not on what
 * else is generated with it.
 *
 * @param promptIds token ids, 1 to context - 1 of them; not copied, do not modify
 * @param samples completions wanted, at least 1; they differ by their number
 * @param options how to choose tokens, with the request's own seed
 */
@SuppressWarnings("ArrayRecordComponent") // a value to pass on, compared by nobody
public record GenerationRequest(int[] promptIds, int samples, SamplingOptions options) {

    /** @throws IllegalArgumentException if there are no samples */
    public GenerationRequest {
        if (samples < 1) {
            throw new IllegalArgumentException("samples: received " + samples + ", must be at least 1");
        }
    }
}
