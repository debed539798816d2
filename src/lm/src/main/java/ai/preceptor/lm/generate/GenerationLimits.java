package ai.preceptor.lm.generate;

/**
 * What generation may use.
 *
 * @param maxRows samples decoded together, at most; fewer when the cache budget does not hold as many
 * @param cacheBytes budget of the key-value cache, in bytes; one row is always allowed
 * @param prefillTokens prompt tokens computed together, at most; a longer prompt is computed alone
 */
public record GenerationLimits(int maxRows, long cacheBytes, int prefillTokens) {
    /** 64 rows, 512 MiB of cache, 512 tokens of prefill. */
    public static final GenerationLimits DEFAULT = new GenerationLimits(64, 512L << 20, 512);

    /** @throws IllegalArgumentException unless all are positive */
    public GenerationLimits {
        if (maxRows < 1 || cacheBytes < 1 || prefillTokens < 1) {
            throw new IllegalArgumentException("generation limits: received " + maxRows + " rows, " + cacheBytes
                    + " bytes of cache, " + prefillTokens + " tokens of prefill; each must be at least 1");
        }
    }

    /** The same with another number of rows. */
    public GenerationLimits withMaxRows(int rows) {
        return new GenerationLimits(rows, cacheBytes, prefillTokens);
    }

    /**
     * How many rows fit.
     *
     * @param rowBytes bytes of cache that one row needs
     * @param samples how many there are to decode, at least 1
     */
    int rows(long rowBytes, int samples) {
        long fitting = Math.max(1, cacheBytes / rowBytes);
        return (int) Math.min(Math.min(fitting, maxRows), samples);
    }
}
