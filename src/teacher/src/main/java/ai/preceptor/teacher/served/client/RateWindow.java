package ai.preceptor.teacher.served.client;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** How much may begin in any minute. For one thread. */
final class RateWindow {
    private static final long MINUTE = 60_000_000_000L;

    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final int limit;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long sum;

    /** @param limit most in any minute; null for no limit */
    RateWindow(@Nullable Integer limit) {
        this.limit = limit == null ? NO_LIMIT : limit;
    }

    private record Entry(long nanos, int amount) {}

    /** Nanoseconds until so much may begin; 0 for immediately. What is too much for any minute waits for an empty one. */
    long delay(long now, int amount) {
        if (limit == NO_LIMIT) {
            return 0;
        }
        forget(now);
        long excess = sum + amount - limit;
        long nanos = 0;
        for (Entry entry : entries) {
            if (excess <= 0) {
                break;
            }
            excess -= entry.amount();
            nanos = entry.nanos() + MINUTE - now;
        }
        return nanos;
    }

    void take(long now, int amount) {
        if (limit != NO_LIMIT) {
            entries.add(new Entry(now, amount));
            sum += amount;
        }
    }

    private void forget(long now) {
        while (!entries.isEmpty() && entries.getFirst().nanos() + MINUTE - now <= 0) {
            sum -= entries.removeFirst().amount();
        }
    }
}
