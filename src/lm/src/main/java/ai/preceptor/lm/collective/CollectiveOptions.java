package ai.preceptor.lm.collective;

import java.time.Duration;

/**
 * Where the learners of a run meet.
 *
 * @param rank number of this learner, 0 to {@code world - 1}
 * @param world how many there are, at least 1
 * @param host where rank 0 listens, by a name or number that all reach
 * @param port at which it listens, 1 to 65535
 * @param address of this machine, by which the other learners reach it
 * @param timeout for which a learner waits for the others, at the start and in every exchange; at least 1 s
 */
public record CollectiveOptions(int rank, int world, String host, int port, String address, Duration timeout) {
    /** @throws IllegalArgumentException if a number is out of its range */
    public CollectiveOptions {
        if (world < 1 || rank < 0 || rank >= world) {
            throw new IllegalArgumentException(
                    "rank " + rank + " of " + world + " learners, must be 0 to learners - 1");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + ", must be 1 to 65535");
        }
        if (timeout.toSeconds() < 1) {
            throw new IllegalArgumentException("timeout " + timeout + ", must be at least a second");
        }
    }

    /** On one machine, over its loopback interface. */
    public static CollectiveOptions loopback(int rank, int world, int port, Duration timeout) {
        return new CollectiveOptions(rank, world, "127.0.0.1", port, "127.0.0.1", timeout);
    }
}
