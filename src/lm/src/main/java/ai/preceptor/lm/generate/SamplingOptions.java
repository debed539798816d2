package ai.preceptor.lm.generate;

import ai.preceptor.data.IllegalValueException;

/**
 * How tokens are chosen. Logits pass, in this order, which is vLLM's and transformers':
 *
 * <ol>
 *   <li>{@link TokenRules#allowed}, {@link TokenRules#logitBias}, and no end before {@link Stops#minNewTokens}
 *   <li>{@link Penalties}: repetition, then frequency and presence
 *   <li>division by the temperature
 *   <li>top-k, then top-p of what is left, then min-p of what is left
 * </ol>
 *
 * <p>One departure: tokens exactly as probable as the last one top-p keeps are kept too, where transformers keeps those
 * that its sort happened to place first.
 *
 * @param maxNewTokens tokens a completion may have, the stop token included; at least 1
 * @param temperature 0 for the most probable token each time, else the divisor of the logits; finite
 * @param topP keep the most probable tokens that together reach this probability; above 0, 1 for all
 * @param topK keep this many most probable tokens; 0 for all
 * @param minP keep tokens at least this fraction as probable as the most probable one; 0 to 1, 0 for all
 * @param seed where randomness starts. A token depends on the seed, the sample's number and the token's place in it (and
 *     the prompt's place, where prompts share a seed), not on how many rows are computed together
 * @param penalties for what has occurred
 * @param rules for single tokens
 * @param stops what ends a completion
 */
public record SamplingOptions(
        int maxNewTokens,
        double temperature,
        double topP,
        int topK,
        double minP,
        long seed,
        Penalties penalties,
        TokenRules rules,
        Stops stops) {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    /** @throws IllegalArgumentException naming the number that is out of its range */
    public SamplingOptions {
        require(maxNewTokens >= 1, "max_new_tokens", maxNewTokens, "at least 1");
        require(temperature >= 0 && temperature < Double.POSITIVE_INFINITY, "temperature", temperature, "0 or more");
        require(topP > 0 && topP <= 1, "top_p", topP, "above 0 and at most 1");
        require(topK >= 0, "top_k", topK, "0 (off) or more");
        require(minP >= 0 && minP <= 1, "min_p", minP, "0 to 1");
        require(
                stops.minNewTokens() <= maxNewTokens,
                "min_new_tokens",
                stops.minNewTokens(),
                "at most max_new_tokens, " + maxNewTokens);
    }

    /** Without penalties and rules. */
    public SamplingOptions(
            int maxNewTokens, double temperature, double topP, int topK, double minP, long seed, int[] stopIds) {
        this(
                maxNewTokens,
                temperature,
                topP,
                topK,
                minP,
                seed,
                Penalties.NONE,
                TokenRules.NONE,
                stopIds.length == 0 ? Stops.NONE : Stops.atIds(stopIds));
    }

    /** The most probable token each time. */
    public static SamplingOptions greedy(int maxNewTokens) {
        return new SamplingOptions(maxNewTokens, 0, 1, 0, 0, 0, new int[0]);
    }

    /** The model's own distribution, unfiltered: what policy gradients assume. */
    public static SamplingOptions unfiltered(int maxNewTokens, long seed) {
        return new SamplingOptions(maxNewTokens, 1, 1, 0, 0, seed, new int[0]);
    }

    /** The same with another seed. */
    public SamplingOptions withSeed(long other) {
        return new SamplingOptions(maxNewTokens, temperature, topP, topK, minP, other, penalties, rules, stops);
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

    /** The same with other penalties. */
    public SamplingOptions with(Penalties other) {
        return new SamplingOptions(maxNewTokens, temperature, topP, topK, minP, seed, other, rules, stops);
    }

    /** The same with other rules. */
    public SamplingOptions with(TokenRules other) {
        return new SamplingOptions(maxNewTokens, temperature, topP, topK, minP, seed, penalties, other, stops);
    }

    /** The same with other ends. */
    public SamplingOptions with(Stops other) {
        return new SamplingOptions(maxNewTokens, temperature, topP, topK, minP, seed, penalties, rules, other);
    }

    /** Whether nothing is random. */
    public boolean isGreedy() {
        return temperature == 0;
    }

    /** Whether logits are changed before the temperature. */
    boolean reshapes() {
        return !penalties.isNone() || !rules.isNone() || stops.minNewTokens() > 0;
    }

    static void require(boolean legal, String name, Object received, String expected) {
        if (!legal) {
            throw new IllegalValueException(name, "received " + received + ", must be " + expected);
        }
    }
}
