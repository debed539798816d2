package ai.preceptor.bench;

import java.util.List;

/** Medians, the statistic that this package reports on noisy machines. */
final class Medians {
    private Medians() {}

    /** The middle of the values, the upper one of two. */
    static double of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("median of no values");
        }
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Median without the first {@code warmUp} values, or of all when there are no more. */
    static double steady(List<Double> values, int warmUp) {
        return of(values.size() > warmUp ? values.subList(warmUp, values.size()) : values);
    }
}
