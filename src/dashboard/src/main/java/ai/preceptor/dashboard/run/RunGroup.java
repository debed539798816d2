package ai.preceptor.dashboard.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs of one experiment that differ in their seed, or one run that repeats one of them.
 *
 * @param runs their ids, at least one
 * @param repeats id of the run with the same settings and seed that counts instead of this one; null for draws
 */
public record RunGroup(List<String> runs, @Nullable String repeats) {
    /** Copies the list. */
    public RunGroup {
        runs = List.copyOf(runs);
    }
}
