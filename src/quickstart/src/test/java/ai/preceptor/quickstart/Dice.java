package ai.preceptor.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Draws from a seed, the same on every machine. */
final class Dice {
    private final Random random;

    Dice(long seed) {
        this.random = new Random(seed);
    }

    /** A whole number from {@code low} to {@code high}, both included. */
    int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    /** True with this probability. */
    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** One of them, each as likely. */
    <T> T oneOf(List<T> items) {
        return items.get(random.nextInt(items.size()));
    }

    /** Some of them, all different, in any order. */
    <T> List<T> some(List<T> items, int count) {
        List<T> left = new ArrayList<>(items);
        List<T> drawn = new ArrayList<>();
        while (drawn.size() < count) {
            drawn.add(left.remove(random.nextInt(left.size())));
        }
        return drawn;
    }
}
