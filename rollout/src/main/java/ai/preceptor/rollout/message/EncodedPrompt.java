package ai.preceptor.rollout.message;

import ai.preceptor.data.Prompt;
import java.util.Arrays;

/**
 * A prompt in the model's tokens, with its position in the run.
 *
 * @param index position in the run, from 0; the seeds of its samples are derived from it
 * @param prompt what is asked
 * @param ids its tokens, at least one; not copied, do not modify
 */
public record EncodedPrompt(long index, Prompt prompt, int[] ids) {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    /** @throws IllegalArgumentException if the index is negative or there is no token */
    public EncodedPrompt {
        if (index < 0) {
            throw new IllegalArgumentException("index: expected 0 or more, received " + index);
        }
        if (ids.length == 0) {
            throw new IllegalArgumentException("ids: prompt " + index + " has no token, expected at least 1");
        }
    }

    /**
     * The seed of this prompt's samples: a function of these two numbers only, so that its samples depend neither on the rest of
     * the batch nor on timing.
     *
     * @param seedBase the run's seed
     */
    public long seed(long seedBase) {
        return mix(mix(seedBase) + GOLDEN_GAMMA * (index + 1));
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014): maps neighbouring numbers to unrelated ones. */
    public static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EncodedPrompt that
                && index == that.index
                && prompt.equals(that.prompt)
                && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(index) + Arrays.hashCode(ids);
    }
}
