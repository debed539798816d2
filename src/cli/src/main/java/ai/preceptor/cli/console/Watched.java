package ai.preceptor.cli.console;

import java.util.List;

/**
 * Metrics of an objective that are shown while it is trained; those that it does not report are left out.
 *
 * @param first before the loss: what the run is for
 * @param after after the loss
 */
public record Watched(List<String> first, List<String> after) {
    /** Copies the lists. */
    public Watched {
        first = List.copyOf(first);
        after = List.copyOf(after);
    }

    /** Whether it is shown. */
    boolean has(String metric) {
        return first.contains(metric) || after.contains(metric);
    }

    /** Some beside the loss. */
    public static Watched beside(List<String> metrics) {
        return new Watched(List.of(), metrics);
    }
}
