package ai.preceptor.train;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One metric of a micro-batch in a form that merges exactly: a mean keeps its sum and its weight, so the merged value
 * is the mean over the whole step and not a mean of means; an extreme keeps the extreme; a variance keeps the sums that it
 * follows from.
 *
 * @param kind how two of them merge
 * @param sum the weighted sum of a mean, the sum of a variance's observations, or the extreme itself
 * @param squares the sum of the squares of a variance's observations; 0 for other kinds
 * @param weight how many observations (rows, pairs, tokens) {@code sum} covers; 0 means none
 */
public record Metric(Kind kind, double sum, double squares, double weight) {

    /** How metrics of the same name merge. */
    public enum Kind {
        /** Sums and weights add up. */
        MEAN,
        /** The smaller value stays. */
        MIN,
        /** The larger value stays. */
        MAX,
        /** Sums, squares and weights add up. */
        VARIANCE
    }

    /** @throws IllegalArgumentException if {@code weight} is negative or not a number */
    public Metric {
        if (!(weight >= 0)) {
            throw new IllegalArgumentException("metric: weight " + weight + ", must be 0 or more");
        }
    }

    /** One without squares. */
    public Metric(Kind kind, double sum, double weight) {
        this(kind, sum, 0, weight);
    }

    /** The sample variance (divided by count - 1) of {@code values} with those it is merged with. */
    public static Metric variance(double... values) {
        double sum = 0;
        double squares = 0;
        for (double value : values) {
            sum += value;
            squares += value * value;
        }
        return new Metric(Kind.VARIANCE, sum, squares, values.length);
    }

    /** A mean of {@code weight} observations that add up to {@code sum}. */
    public static Metric mean(double sum, double weight) {
        return new Metric(Kind.MEAN, sum, weight);
    }

    /** The smallest of some observations. */
    public static Metric min(double value) {
        return new Metric(Kind.MIN, value, 1);
    }

    /** The largest of some observations. */
    public static Metric max(double value) {
        return new Metric(Kind.MAX, value, 1);
    }

    /** Whether enough was observed to have a value: one observation, of a variance two. */
    public boolean isKnown() {
        return weight > (kind == Kind.VARIANCE ? 1 : 0);
    }

    /** The value to report: the mean, the extreme or the variance; not a number where too little was observed. */
    public double value() {
        if (!isKnown()) {
            return Double.NaN;
        }
        return switch (kind) {
            case MEAN -> sum / weight;
            case MIN, MAX -> sum;
            case VARIANCE -> Math.max(0, (squares - sum * sum / weight) / (weight - 1));
        };
    }

    /**
     * This metric and another of the same name over the union of their observations.
     *
     * @throws IllegalArgumentException if the kinds differ
     */
    public Metric merge(Metric other) {
        if (kind != other.kind) {
            throw new IllegalArgumentException("metric: cannot merge a " + kind + " with a " + other.kind);
        }
        if (weight == 0 || other.weight == 0) {
            return weight == 0 ? other : this;
        }
        return switch (kind) {
            case MEAN -> mean(sum + other.sum, weight + other.weight);
            case MIN -> new Metric(kind, Math.min(sum, other.sum), weight + other.weight);
            case MAX -> new Metric(kind, Math.max(sum, other.sum), weight + other.weight);
            case VARIANCE -> new Metric(kind, sum + other.sum, squares + other.squares, weight + other.weight);
        };
    }

    /** The values of those that are known, in the same order. */
    public static Map<String, Double> values(Map<String, Metric> metrics) {
        Map<String, Double> values = new LinkedHashMap<>();
        metrics.forEach((name, metric) -> {
            if (metric.isKnown()) {
                values.put(name, metric.value());
            }
        });
        return values;
    }

    /** Merges by name; a name that only one side has is kept. The order is the left side's, then the right's. */
    public static Map<String, Metric> merge(Map<String, Metric> left, Map<String, Metric> right) {
        Map<String, Metric> merged = new LinkedHashMap<>(left);
        right.forEach((name, metric) -> merged.merge(name, metric, Metric::merge));
        return merged;
    }
}
