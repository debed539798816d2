package ai.preceptor.rollout.cluster;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says what is wrong with those who connect, once a host and minute, so that nobody can fill a log. A host is named by its address,
 * since ports are new each time.
 */
final class PeerLog {
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();
    /** Hosts that are told of within a minute. */
    static final int MOST_HOSTS = 256;

    private final LongSupplier clock;
    private final Consumer<String> lines;
    private final Map<String, Told> hosts = new LinkedHashMap<>();

    /**
     * @param clock nanoseconds
     * @param lines takes them
     */
    PeerLog(LongSupplier clock, Consumer<String> lines) {
        this.clock = clock;
        this.lines = lines;
    }

    /** When a host was last told of, and how often it was not since. */
    private record Told(long at, long kept) {}

    synchronized void tell(String host, String what) {
        long now = clock.getAsLong();
        Told last = hosts.get(host);
        if (last != null && now - last.at() < PAUSE) {
            hosts.put(host, new Told(last.at(), last.kept() + 1));
            return;
        }
        if (last == null && hosts.size() >= MOST_HOSTS) {
            hosts.values().removeIf(told -> now - told.at() >= PAUSE);
            if (hosts.size() >= MOST_HOSTS) {
                return;
            }
        }
        hosts.put(host, new Told(now, 0));
        String more = last == null || last.kept() == 0 ? "" : " (and " + last.kept() + " more since the last line)";
        lines.accept(host + ": " + what + more);
    }
}
