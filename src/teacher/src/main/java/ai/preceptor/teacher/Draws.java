package ai.preceptor.teacher;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Draws that depend on a seed and the numbers of what they are for, so that a resumed run draws what it drew before. Seeds are
 * mixed: {@link Random} gives nearly equal first numbers for seeds that follow each other.
 */
public final class Draws {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private Draws() {}

    /**
     * A source of draws.
     *
     * @param seed of the run
     * @param numbers of what is drawn for, such as a round and a place
     */
    public static Random of(long seed, long... numbers) {
        long mixed = mix(seed + GOLDEN_RATIO);
        for (long number : numbers) {
            mixed = mix(mixed + GOLDEN_RATIO * (number + 1));
        }
        return new Random(mixed);
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Some of the items, all of different places, in the order drawn; at most as many as there are. */
    public static <T> List<T> some(List<T> items, int count, Random random) {
        List<T> all = new ArrayList<>(items);
        int drawn = Math.min(count, all.size());
        for (int i = 0; i < drawn; i++) {
            Collections.swap(all, i, i + random.nextInt(all.size() - i));
        }
        return new ArrayList<>(all.subList(0, drawn));
    }
}
