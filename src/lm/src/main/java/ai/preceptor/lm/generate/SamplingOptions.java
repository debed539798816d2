package ai.preceptor.lm.generate;

import java.util.Arrays;

/**
 * How tokens are chosen. Filters apply in the order of transformers: temperature, top-k, top-p, min-p, each to what the
 * one before left. One departure: tokens exactly as probable as the last one top-p keeps are kept too, where transformers
 * keeps those that its sort happened to place first.
 *
 * @param maxNewTokens tokens a completion may have, the stop token included; at least 1
 * @param temperature 0 for the most probable token each time, else the divisor of the logits; finite
 * @param topP keep the most probable tokens that together reach this probability; above 0, 1 for all
 * @param topK keep this many most probable tokens; 0 for all
 * @param minP keep tokens at least this fraction as probable as the most probable one; 0 to 1, 0 for all
 * @param seed where randomness starts. A token depends on the seed, the sample's number and the token's place in it (and
 *     the prompt's place, where prompts share a seed), not on how many rows are computed together
 * @param stopIds token ids that end a completion, besides the model's own
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; equality is defined below
public record SamplingOptions(
        int maxNewTokens, double temperature, double topP, int topK, double minP, long seed, int[] stopIds) {

    /** @throws IllegalArgumentException naming the number that is out of its range */
    public SamplingOptions {
        require(maxNewTokens >= 1, "max_new_tokens", maxNewTokens, "at least 1");
        require(temperature >= 0 && temperature < Double.POSITIVE_INFINITY, "temperature", temperature, "0 or more");
        require(topP > 0 && topP <= 1, "top_p", topP, "above 0 and at most 1");
        require(topK >= 0, "top_k", topK, "0 (off) or more");
        require(minP >= 0 && minP <= 1, "min_p", minP, "0 to 1");
        stopIds = stopIds.clone();
        for (int id : stopIds) {
            require(id >= 0, "stop_ids", id, "token ids, 0 or more");
        }
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
        return new SamplingOptions(maxNewTokens, temperature, topP, topK, minP, other, stopIds);
    }

    /** Whether nothing is random. */
    public boolean isGreedy() {
        return temperature == 0;
    }

    /** A copy of the additional stop ids. */
    @Override
    public int[] stopIds() {
        return stopIds.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SamplingOptions that
                && maxNewTokens == that.maxNewTokens
                && temperature == that.temperature
                && topP == that.topP
                && topK == that.topK
                && minP == that.minP
                && seed == that.seed
                && Arrays.equals(stopIds, that.stopIds);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(new Object[] {maxNewTokens, temperature, topP, topK, minP, seed, stopIds});
    }

    private static void require(boolean legal, String name, Object received, String expected) {
        if (!legal) {
            throw new IllegalArgumentException(name + ": received " + received + ", must be " + expected);
        }
    }
}
