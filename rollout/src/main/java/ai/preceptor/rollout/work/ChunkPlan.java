package ai.preceptor.rollout.work;

import ai.preceptor.rollout.actor.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How an offline stage is computed by workers.
 *
 * @param stage its name, in messages and meters
 * @param window chunks that have been read and whose results have not been taken, at most; 1 or more. Their inputs and
 *     results are in memory. With fewer than two for each worker, workers wait for a slow chunk before them
 * @param retries deadline of a chunk, and attempts after a failed one
 */
public record ChunkPlan(String stage, int window, RetryPolicy retries) {
    /** What hangs is found by its heartbeat. */
    private static final Duration LONGEST = Duration.ofDays(1);

    /** @throws IllegalArgumentException if a value is out of range */
    public ChunkPlan {
        List<String> problems = new ArrayList<>(retries.problems("retries"));
        if (window < 1) {
            problems.add("window is " + window + ", legal: 1 or more");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(stage + ": " + String.join("; ", problems));
        }
    }

    /** A day a chunk, three retries after 0.5, 1 and 2 seconds, and 16 failures in a row. */
    public static ChunkPlan of(String stage, int window) {
        return new ChunkPlan(stage, window, RetryPolicy.standard().withDeadline(LONGEST));
    }
}
