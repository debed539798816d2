package ai.preceptor.dashboard;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a dashboard shows, and where.
 *
 * @param runs directory of runs, or of one run
 * @param host a loopback address of this machine
 * @param port 0 for any that is free
 * @param portKey that asked for the port, for messages
 * @param interval between two looks at the files while somebody watches
 */
public record DashboardOptions(Path runs, String host, int port, String portKey, Duration interval) {
    /** With a port of the key {@code port}. */
    public DashboardOptions(Path runs, String host, int port, Duration interval) {
        this(runs, host, port, "port", interval);
    }

    /** Two looks a second apart. */
    public DashboardOptions(Path runs, String host, int port) {
        this(runs, host, port, Duration.ofSeconds(1));
    }

    /** The same with a port that another key asked for. */
    public DashboardOptions withPortKey(String key) {
        return new DashboardOptions(runs, host, port, key, interval);
    }
}
