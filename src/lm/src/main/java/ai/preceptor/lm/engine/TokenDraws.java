package ai.preceptor.lm.engine;

/**
 * The uniform numbers of one sample, each a pure function of (seed, sample, token), so that neither batch size nor
 * order nor which rows share a step changes what is drawn.
 *
 * <p>Each coordinate is mixed in with the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
 */
final class TokenDraws {
    /** Bits of a drawn number: exact in float64 with room for the product with a cumulative sum. */
    static final int BITS = 48;

    /** What a whole number is of the uniform number. */
    static final double UNIT = 0x1p-48;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long stream;

    TokenDraws(long seed, int sample) {
        this.stream = mix(mix(seed) + sample);
    }

    /** A seed for each of many prompts. */
    static long seedOf(long seed, int prompt) {
        return mix(mix(seed) - 1 - prompt);
    }

    /** A whole number in [0, 2^48): the uniform number of the token, times 2^48. */
    long bits(int token) {
        return mix(stream + token) >>> (Long.SIZE - BITS);
    }

    private static long mix(long value) {
        long z = value + GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
