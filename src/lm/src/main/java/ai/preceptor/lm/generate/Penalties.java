package ai.preceptor.lm.generate;

/**
 * What makes tokens that have occurred less likely. Applied to the raw logits z before the temperature, in this order.
 *
 * @param repetition of tokens in the prompt or the completion so far: z / r where z is positive, z * r where not (Keskar
 *     et al. 2019, section 4.1; transformers' and vLLM's {@code repetition_penalty}); above 0, 1 for none
 * @param presence subtracted from z of every token of the completion so far (OpenAI's {@code presence_penalty}); finite
 * @param frequency subtracted as often as the token occurs in the completion so far ({@code frequency_penalty}); finite
 */
public record Penalties(double repetition, double presence, double frequency) {
    /** Nothing is penalized. */
    public static final Penalties NONE = new Penalties(1, 0, 0);

    /** @throws IllegalArgumentException naming the number that is out of its range */
    public Penalties {
        SamplingOptions.require(
                repetition > 0 && repetition < Double.POSITIVE_INFINITY,
                "repetition_penalty",
                repetition,
                "above 0 and finite");
        SamplingOptions.require(Double.isFinite(presence), "presence_penalty", presence, "finite");
        SamplingOptions.require(Double.isFinite(frequency), "frequency_penalty", frequency, "finite");
    }

    /** Whether nothing is penalized. */
    public boolean isNone() {
        return repetition == 1 && presence == 0 && frequency == 0;
    }
}
