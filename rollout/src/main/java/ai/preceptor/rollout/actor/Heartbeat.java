package ai.preceptor.rollout.actor;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Whether an actor gets on with what it does: its heart beats with every step of its work, so that one which hangs is told
 * from one which takes long. For one thread, which looks from time to time.
 */
public final class Heartbeat {
    /** Looks within the longest time without a beat. */
    private static final int LOOKS = 8;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Supplier<OptionalLong> steps;
    private OptionalLong seen = OptionalLong.empty();
    private long looked;
    private long still;

    /** @param steps a number that changes with every step; empty while nothing is done, or nobody knows how far it is */
    public Heartbeat(Supplier<OptionalLong> steps) {
        this.steps = steps;
    }

    /** How often to look to find out in time. */
    static Duration pause(Duration timeout) {
        Duration pause = timeout.dividedBy(LOOKS);
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /**
     * Looks.
     *
     * @param now in nanoseconds
     * @param pause since the last look if all is well. A process that itself stood still, or was stopped, looks late; that
     *     is not the actor's fault, so no look counts for more than two of these
     * @return nanoseconds since the last beat, as far as is known
     */
    public long silence(long now, Duration pause) {
        OptionalLong found = steps.get();
        if (found.isEmpty() || !found.equals(seen)) {
            still = 0;
        } else {
            still += Math.min(now - looked, 2 * pause.toNanos());
        }
        seen = found;
        looked = now;
        return still;
    }
}
