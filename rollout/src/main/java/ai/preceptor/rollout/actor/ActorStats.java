package ai.preceptor.rollout.actor;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one actor did in a run.
 *
 * @param stage {@code generate}, {@code score}, or an offline stage's name
 * @param actor its name; that of a worker is the same in both stages
 * @param remote whether it was in another process
 * @param presentSeconds from when it could be given work until it was gone or the run ended
 * @param busySeconds that it worked on requests that succeeded
 * @param prompts of these requests; chunks in an offline stage
 * @param tokens that it sampled; 0 for one that scores or computes chunks
 */
public record ActorStats(
        String stage,
        String actor,
        boolean remote,
        double presentSeconds,
        double busySeconds,
        long prompts,
        long tokens) {
    /** Share of its time that it worked, 0 to 1. */
    public double utilization() {
        return presentSeconds > 0 ? Math.min(1, busySeconds / presentSeconds) : 0;
    }

    /** As summaries have it. */
    public Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("actor", actor);
        row.put("stage", stage);
        row.put("present_seconds", presentSeconds);
        row.put("busy_seconds", busySeconds);
        row.put("utilization", utilization());
        row.put("prompts", prompts);
        row.put("tokens", tokens);
        return row;
    }
}
