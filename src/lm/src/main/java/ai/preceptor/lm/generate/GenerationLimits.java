package ai.preceptor.lm.generate;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.torch.Torch;

/**
 * The memory that generation may use.
 *
 * @param maxRows samples decoded together, at most; fewer when the store does not hold as many, and never more than the
 *     model's matrix products may have rows (128 or so)
 * @param cacheBytes budget of the key-value store, in bytes. What does not fit waits
 * @param prefillTokens prompt tokens computed together, at most; a longer prompt is computed alone
 * @param decode what computes the steps
 */
public record GenerationLimits(int maxRows, long cacheBytes, int prefillTokens, DecodeSettings decode) {
    /** 64 rows, 1 GiB of keys and values, 512 tokens of prefill. */
    public static final GenerationLimits DEFAULT = new GenerationLimits(64, 1L << 30, 512);

    /** Steps are computed by libtorch. */
    public GenerationLimits(int maxRows, long cacheBytes, int prefillTokens) {
        this(maxRows, cacheBytes, prefillTokens, DecodeSettings.TENSORS);
    }

    /** @throws IllegalArgumentException unless all are positive */
    public GenerationLimits {
        if (maxRows < 1 || cacheBytes < 1 || prefillTokens < 1) {
            throw new IllegalArgumentException("generation limits: received " + maxRows + " rows, " + cacheBytes
                    + " bytes of cache, " + prefillTokens + " tokens of prefill; each must be at least 1");
        }
    }

    /** The same with another number of rows. */
    public GenerationLimits withMaxRows(int rows) {
        return new GenerationLimits(rows, cacheBytes, prefillTokens, decode);
    }

    /** The same with steps computed by something else. */
    public GenerationLimits with(DecodeSettings other) {
        return new GenerationLimits(maxRows, cacheBytes, prefillTokens, other);
    }

    /**
     * Refuses a store that a device could never hold. What it holds beside a model shows only when the store is made.
     *
     * @throws ConfigurationException with the value and what the device has
     */
    public void requireFits(Torch torch) {
        long most = torch.memoryBytes().orElse(Long.MAX_VALUE);
        if (cacheBytes > most) {
            throw new ConfigurationException("kv_cache_memory_bytes: expected 1 to " + most + ", the memory that "
                    + torch.device() + " has in all, found " + cacheBytes);
        }
    }

    /**
     * How many blocks the budget holds, at least 1.
     *
     * @param blockBytes bytes of one
     */
    public int blocks(long blockBytes) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, cacheBytes / blockBytes));
    }
}
