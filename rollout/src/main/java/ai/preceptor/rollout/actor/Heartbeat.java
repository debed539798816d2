package ai.preceptor.rollout.actor;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Detects an actor that hangs: every step of its work counts as a heartbeat, so that a slow actor is not taken for a hung
 * one. For one thread, which checks periodically.
 */
public final class Heartbeat {
    /** Checks within one timeout. */
    private static final int CHECKS_PER_TIMEOUT = 8;

    private static final Duration MAX_INTERVAL = Duration.ofSeconds(1);

    private final Supplier<OptionalLong> steps;
    private OptionalLong seen = OptionalLong.empty();
    private long checkedAt;
    private long unchanged;

    /** @param steps a number that changes with every step; empty while idle, or if unknown */
    public Heartbeat(Supplier<OptionalLong> steps) {
        this.steps = steps;
    }

    /** Time between checks. */
    static Duration interval(Duration timeout) {
        Duration interval = timeout.dividedBy(CHECKS_PER_TIMEOUT);
        return interval.compareTo(MAX_INTERVAL) > 0 ? MAX_INTERVAL : interval;
    }

    /**
     * Checks.
     *
     * @param now in nanoseconds
     * @param interval the usual time since the last check. A process that was itself suspended checks late, which is not the
     *     actor's fault, so one check counts for two of these at most
     * @return nanoseconds since the last known step
     */
    public long sinceLastStep(long now, Duration interval) {
        OptionalLong found = steps.get();
        if (found.isEmpty() || !found.equals(seen)) {
            unchanged = 0;
        } else {
            unchanged += Math.min(now - checkedAt, 2 * interval.toNanos());
        }
        seen = found;
        checkedAt = now;
        return unchanged;
    }
}
