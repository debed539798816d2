package ai.preceptor.rollout.cluster;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Logs problems with clients, one line per host and minute, so that a client cannot fill the log. A host is identified by
 * its address, since the port differs each time.
 */
final class PeerLog {
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();
    /** Hosts that are logged within a minute. */
    static final int MAX_HOSTS = 256;

    private final LongSupplier clock;
    private final Consumer<String> lines;
    private final Map<String, Entry> hosts = new LinkedHashMap<>();

    /**
     * @param clock nanoseconds
     * @param lines called with each line
     */
    PeerLog(LongSupplier clock, Consumer<String> lines) {
        this.clock = clock;
        this.lines = lines;
    }

    /** When a host was last logged, and how many lines were suppressed since. */
    private record Entry(long at, long suppressed) {}

    synchronized void warn(String host, String what) {
        long now = clock.getAsLong();
        Entry last = hosts.get(host);
        if (last != null && now - last.at() < PAUSE) {
            hosts.put(host, new Entry(last.at(), last.suppressed() + 1));
            return;
        }
        if (last == null && hosts.size() >= MAX_HOSTS) {
            hosts.values().removeIf(entry -> now - entry.at() >= PAUSE);
            if (hosts.size() >= MAX_HOSTS) {
                return;
            }
        }
        hosts.put(host, new Entry(now, 0));
        String more = last == null || last.suppressed() == 0
                ? ""
                : " (and " + last.suppressed() + " more since the last line)";
        lines.accept(host + ": " + what + more);
    }
}
