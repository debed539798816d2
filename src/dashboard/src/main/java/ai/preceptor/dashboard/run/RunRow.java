package ai.preceptor.dashboard.run;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run in the list of all.
 *
 * @param id path below the directory of all runs; {@code .} is that directory itself
 * @param command that writes it, such as {@code policy}; empty if unknown
 * @param state {@code running}, {@code finished}, {@code stopped} or {@code failed}
 * @param message why it ended early; null if it did not, or did not say
 * @param step last step done
 * @param totalSteps of the whole run; 0 if unknown
 * @param secondsPerStep mean of the last steps; 0 if unknown
 * @param started milliseconds since 1970; 0 if unknown
 * @param updated when it last wrote something, in milliseconds since 1970
 * @param headline last values of the metrics that tell most, in order
 * @param seed its seed; null if it has none
 * @param stamp changes whenever its files do
 */
public record RunRow(
        String id,
        String command,
        String state,
        @Nullable String message,
        int step,
        int totalSteps,
        double secondsPerStep,
        long started,
        long updated,
        Map<String, Double> headline,
        @Nullable String seed,
        String stamp) {
    boolean isRunning() {
        return state.equals("running");
    }
}
