package ai.preceptor.serve;

import java.util.function.LongSupplier;

/** Tokens per second over the last second or more of work; 0 if nothing was sampled for a while. */
final class TokenRate {
    private static final long WINDOW = 1_000_000_000L;
    private static final long STALE = 5 * WINDOW;

    private final LongSupplier clock;
    private long began;
    private long atBegin;
    private long last;
    private double perSecond;

    /** @param clock in nanoseconds */
    TokenRate(LongSupplier clock) {
        this.clock = clock;
        this.began = clock.getAsLong();
        this.last = began;
    }

    /** @param total tokens drawn since the start */
    synchronized void drawn(long total) {
        long now = clock.getAsLong();
        if (now - last > STALE) { // idle time is not part of a rate
            began = last = now;
            atBegin = total;
            return;
        }
        last = now;
        if (now - began >= WINDOW) {
            perSecond = (total - atBegin) * 1e9 / (now - began);
            began = now;
            atBegin = total;
        }
    }

    synchronized double perSecond() {
        return clock.getAsLong() - last > STALE ? 0 : perSecond;
    }
}
