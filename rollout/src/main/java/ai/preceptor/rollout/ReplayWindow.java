package ai.preceptor.rollout;

import java.util.TreeSet;

/** Lets every number of one sender through once; those far below the highest not at all. For one thread. */
final class ReplayWindow {
    private static final int WIDTH = 1024;

    private final TreeSet<Long> seen = new TreeSet<>();
    private long floor = Long.MIN_VALUE;

    /** False for one that came before, or may have. */
    boolean accept(long number) {
        if (number <= floor || !seen.add(number)) {
            return false;
        }
        while (seen.size() > WIDTH) {
            floor = seen.pollFirst();
        }
        return true;
    }
}
