package ai.preceptor.train.rows;

/**
 * The order of the rows in one epoch: a pure function of length, seed and epoch, the same in every process, on every
 * Java and after every resume. Fisher-Yates fed by SplitMix64 (Steele, Lea and Flood, 2014), written out here because
 * {@link java.util.SplittableRandom} does not promise its sequence.
 */
final class Permutation {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    private Permutation(long seed, int epoch) {
        this.state = mix(seed) + mix(epoch * GOLDEN_GAMMA);
    }

    /** Where in the data the {@code i}-th row of epoch {@code epoch} stands. */
    static int[] of(int length, long seed, int epoch) {
        int[] order = identity(length);
        Permutation random = new Permutation(seed, epoch);
        for (int i = length - 1; i > 0; i--) {
            int j = random.below(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    static int[] identity(int length) {
        int[] order = new int[length];
        for (int i = 0; i < length; i++) {
            order[i] = i;
        }
        return order;
    }

    /** Uniform in [0, bound): the high half of a 64-bit product, whose bias is below bound / 2^64. */
    private int below(int bound) {
        state += GOLDEN_GAMMA;
        return (int) Math.multiplyHigh(mix(state) >>> 1, (long) bound << 1);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
