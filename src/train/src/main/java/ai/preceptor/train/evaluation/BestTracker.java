package ai.preceptor.train.evaluation;

import org.jspecify.annotations.Nullable;

/**
 * Which of several evaluations was best, and how many in a row were no improvement: the rule of transformers' {@code Trainer} and
 * {@code EarlyStoppingCallback}.
 *
 * <p>A value is best if it is strictly better than all before: of equals the first. It is an improvement for early stopping if it is
 * also more than the threshold away from the best before it. A value that is not finite is neither; transformers resets its
 * count if such a value is the first.
 */
final class BestTracker {
    private final String metric;
    private final boolean greaterIsBetter;
    private final double threshold;
    private @Nullable BestModel best;
    private int withoutImprovement;

    /**
     * Nothing seen yet.
     *
     * @param metric that values are of
     * @param threshold 0 or more
     */
    BestTracker(String metric, boolean greaterIsBetter, double threshold) {
        this.metric = metric;
        this.greaterIsBetter = greaterIsBetter;
        this.threshold = threshold;
    }

    /** Takes the next value; returns whether it is the best so far. */
    boolean add(int step, double value) {
        BestModel before = best;
        boolean better = Double.isFinite(value)
                && (before == null || (greaterIsBetter ? value > before.value() : value < before.value()));
        boolean improved = better && (before == null || Math.abs(value - before.value()) > threshold);
        withoutImprovement = improved ? 0 : withoutImprovement + 1;
        if (better) {
            best = new BestModel(metric, step, value);
        }
        return better;
    }

    /** Goes on from an earlier process. */
    void restore(@Nullable BestModel was, int count) {
        best = was;
        withoutImprovement = count;
    }

    @Nullable
    BestModel best() {
        return best;
    }

    /** Evaluations since the last improvement. */
    int withoutImprovement() {
        return withoutImprovement;
    }
}
