package ai.preceptor.dashboard;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a dashboard shows, and where.
 *
 * @param runs directory of runs, or of one run
 * @param host a loopback address of this machine
 * @param port 0 for any that is free
 * @param interval between two looks at the files while somebody watches
 */
public record DashboardOptions(Path runs, String host, int port, Duration interval) {
    /** Two looks a second apart. */
    public DashboardOptions(Path runs, String host, int port) {
        this(runs, host, port, Duration.ofSeconds(1));
    }
}
