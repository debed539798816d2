package ai.preceptor.lm.generate;

import ai.preceptor.data.IllegalValueException;

/**
 * How tokens are sampled. Logits pass, in this order, which is vLLM's and transformers':
 *
 * <ol>
 *   <li>{@link TokenRules#allowed}, {@link TokenRules#logitBias}, and no end before {@link SamplingSettings#minNewTokens}
 *   <li>penalties: repetition, then frequency and presence
 *   <li>division by the temperature
 *   <li>top-k, then top-p of what is left, then min-p of what is left
 * </ol>
 *
 * <p>One departure: tokens exactly as probable as the last one top-p keeps are kept too, where transformers keeps those
 * that its sort happened to place first.
 *
 * @param settings temperature, filters, penalties and numbers of tokens
 * @param seed where randomness starts. A token depends on the seed, the sample's number and the token's place in it (and
 *     the prompt's place, where prompts share a seed), not on how many rows are computed together
 * @param rules for single tokens
 * @param stops what ends a completion
 */
public record SamplingOptions(SamplingSettings settings, long seed, TokenRules rules, Stops stops) {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    /** Without rules and further ends. */
    public SamplingOptions(SamplingSettings settings, long seed) {
        this(settings, seed, TokenRules.NONE, Stops.NONE);
    }

    /** The model's distribution at a temperature; at 0 the most probable token each time. */
    public static SamplingOptions atTemperature(double temperature, int maxNewTokens, long seed) {
        return new SamplingOptions(
                SamplingSettings.builder()
                        .temperature(temperature)
                        .maxNewTokens(maxNewTokens)
                        .build(),
                seed);
    }

    /** The most probable token each time. */
    public static SamplingOptions greedy(int maxNewTokens) {
        return atTemperature(0, maxNewTokens, 0);
    }

    /** The model's own distribution, unfiltered. */
    public static SamplingOptions unfiltered(int maxNewTokens, long seed) {
        return atTemperature(1, maxNewTokens, seed);
    }

    /** The same with another seed. */
    public SamplingOptions withSeed(long other) {
        return new SamplingOptions(settings, other, rules, stops);
    }

    /**
     * The same with the seed of one of many streams, for callers that generate in several calls what is one run: a generator
     * numbers the prompts of one call only.
     *
     * @param number of the stream; 0 keeps the seed
     */
    public SamplingOptions stream(long number) {
        return withSeed(seed + GOLDEN_RATIO * number);
    }

    /** The same with other settings. */
    public SamplingOptions with(SamplingSettings other) {
        return new SamplingOptions(other, seed, rules, stops);
    }

    /** The same with other rules. */
    public SamplingOptions with(TokenRules other) {
        return new SamplingOptions(settings, seed, other, stops);
    }

    /** The same with other ends. */
    public SamplingOptions with(Stops other) {
        return new SamplingOptions(settings, seed, rules, other);
    }

    /** Whether tokens are drawn from the model's own distribution, which estimates of the KL need. */
    public boolean isUnfiltered() {
        return settings.isUnfiltered() && rules.isNone();
    }

    /** Whether logits are changed before the temperature. */
    public boolean reshapes() {
        return settings.penalizes() || !rules.isNone() || settings.minNewTokens() > 0;
    }

    static void require(boolean legal, String name, Object received, String expected) {
        if (!legal) {
            throw new IllegalValueException(name, "received " + received + ", must be " + expected);
        }
    }
}
