package ai.preceptor.rollout;

import io.micrometer.core.instrument.Timer;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Time of prompts from admission to delivery. Written by one thread; {@link #oldestSeconds} is thread-safe. */
final class PromptLatency {
    private static final double NANO = 1e-9;

    private final TreeMap<Long, Long> since = new TreeMap<>();
    private final LongSupplier nanoClock;
    private final Timer whole;
    private volatile long oldest;
    private volatile boolean any;

    /** @param whole records the time from admission to delivery */
    PromptLatency(LongSupplier nanoClock, Timer whole) {
        this.nanoClock = nanoClock;
        this.whole = whole;
    }

    void admitted(long index) {
        since.put(index, nanoClock.getAsLong());
        show();
    }

    void delivered(long index) {
        Long began = since.remove(index);
        if (began != null) {
            whole.record(nanoClock.getAsLong() - began, TimeUnit.NANOSECONDS);
        }
        show();
    }

    /** It will not be delivered. */
    void gone(long index) {
        since.remove(index);
        show();
    }

    /** Prompts are admitted in order, so the lowest index is the oldest. */
    private void show() {
        any = !since.isEmpty();
        oldest = any ? since.firstEntry().getValue() : 0;
    }

    /** Age in seconds of the oldest prompt that is not delivered; 0 if there is none. */
    double oldestSeconds() {
        return any ? (nanoClock.getAsLong() - oldest) * NANO : 0;
    }
}
