package ai.preceptor.lm.engine.timing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Times steps of several kinds side by side. Each kind first computes steps that do not count, for as long as they become faster:
 * Java interprets a step's code, then compiles it. After that the kinds take turns, so that another program's load falls on all
 * alike, and the median of a kind's steps counts.
 *
 * @param clock nanoseconds, for the bounds
 * @param bounds of the time that this takes
 */
record StepTimer(LongSupplier clock, Bounds bounds) {
    /** Steps of a kind in a row. */
    static final int TURN = 4;

    /** Steps do not count until so many turns in a row were no faster than the best one before. */
    static final int STEADY = 3;

    /** A turn is faster whose median is below this part of the best one. */
    private static final double FASTER = 0.95;

    /** Turns that count, at most. */
    static final int TURNS = 9;

    /**
     * How long it may take, to the end of the step that is running.
     *
     * @param leastWarmNanos of each kind's steps that do not count, at least
     * @param warmNanos of these, at most
     * @param countedNanos of all steps that count; each kind has one in any case
     */
    record Bounds(long leastWarmNanos, long warmNanos, long countedNanos) {
        private static final long MILLIS = 1_000_000;

        /** 0.4 to 1.6 s for each kind, then 1.2 s for all. */
        static final Bounds BRIEF = new Bounds(400 * MILLIS, 1600 * MILLIS, 1200 * MILLIS);

        /** 0.2 to 2.5 s, then 0.3 s. */
        static final Bounds BRIEFEST = new Bounds(200 * MILLIS, 2500 * MILLIS, 300 * MILLIS);
    }

    /** Of nanoseconds of real time. */
    StepTimer(Bounds bounds) {
        this(System::nanoTime, bounds);
    }

    /** @return the median of each kind's steps, in nanoseconds */
    long[] medians(List<? extends TimedSteps> kinds) {
        kinds.forEach(this::warm);
        List<List<Long>> counted = new ArrayList<>();
        kinds.forEach(kind -> counted.add(new ArrayList<>()));
        long until = clock.getAsLong() + bounds.countedNanos();
        for (int turn = 0; turn < TURNS; turn++) {
            for (int kind = 0; kind < kinds.size(); kind++) {
                count(kinds.get(kind), until, counted.get(kind));
            }
        }
        return counted.stream().mapToLong(StepTimer::median).toArray();
    }

    /** Takes a turn; at the end of the time the first step alone is still due. */
    private void count(TimedSteps kind, long until, List<Long> counted) {
        for (int step = 0; step < TURN; step++) {
            if (counted.isEmpty() || clock.getAsLong() < until) {
                counted.add(kind.step());
            }
        }
    }

    private void warm(TimedSteps kind) {
        long began = clock.getAsLong();
        long best = Long.MAX_VALUE;
        int steady = 0;
        while (steady < STEADY || clock.getAsLong() - began < bounds.leastWarmNanos()) {
            List<Long> steps = new ArrayList<>();
            while (steps.size() < TURN) {
                if (clock.getAsLong() - began >= bounds.warmNanos()) {
                    return;
                }
                steps.add(kind.step());
            }
            long median = median(steps);
            steady = median < FASTER * best ? 0 : steady + 1;
            best = Math.min(best, median);
        }
    }

    private static long median(List<Long> steps) {
        long[] sorted = steps.stream().mapToLong(Long::longValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
