package ai.preceptor.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One metric of a micro-batch in a form that merges exactly: a mean keeps its sum and its weight, so the merged value
 * is the mean over the whole step and not a mean of means; an extreme keeps the extreme; a variance keeps the sums that it
 * follows from; a difference keeps its two means.
 *
 * @param kind how two of them merge
 * @param sum the weighted sum of a mean, the sum of a variance's observations, or the extreme itself
 * @param squares the sum of the squares of a variance's observations; 0 for other kinds
 * @param weight how many observations (rows, pairs, tokens) {@code sum} covers; 0 means none
 * @param subtracted the mean that a difference takes from its own; null for other kinds
 */
public record Metric(
        Kind kind,
        double sum,
        double squares,
        double weight,
        @Nullable Metric subtracted) {

    /** How metrics of the same name merge. */
    public enum Kind {
        /** Sums and weights add up. */
        MEAN,
        /** The smaller value stays. */
        MIN,
        /** The larger value stays. */
        MAX,
        /** Sums, squares and weights add up. */
        VARIANCE,
        /** Each of its two means merges by itself. */
        DIFFERENCE
    }

    /** @throws IllegalArgumentException if {@code weight} is negative or not a number, or a difference lacks its second mean */
    public Metric {
        if (!(weight >= 0)) {
            throw new IllegalArgumentException("metric: weight " + weight + ", must be 0 or more");
        }
        if ((kind == Kind.DIFFERENCE) != (subtracted != null)) {
            throw new IllegalArgumentException("metric: of kind " + kind + ", subtracted " + subtracted);
        }
    }

    /** One that is no difference. */
    public Metric(Kind kind, double sum, double squares, double weight) {
        this(kind, sum, squares, weight, null);
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

    /** The difference of the means of two sets of observations, whose numbers may differ. */
    public static Metric difference(Metric mean, Metric subtracted) {
        return new Metric(Kind.DIFFERENCE, mean.sum, 0, mean.weight, subtracted);
    }

    /** The smallest of some observations. */
    public static Metric min(double value) {
        return new Metric(Kind.MIN, value, 1);
    }

    /** The largest of some observations. */
    public static Metric max(double value) {
        return new Metric(Kind.MAX, value, 1);
    }

    /** Whether enough was observed to have a value: one observation, of a variance two, of a difference one on either side. */
    public boolean isKnown() {
        return weight > (kind == Kind.VARIANCE ? 1 : 0) && (subtracted == null || subtracted.isKnown());
    }

    /** The value to report: the mean, the extreme, the variance or the difference; not a number where too little was observed. */
    public double value() {
        if (!isKnown()) {
            return Double.NaN;
        }
        return switch (kind) {
            case MEAN -> sum / weight;
            case MIN, MAX -> sum;
            case VARIANCE -> Math.max(0, (squares - sum * sum / weight) / (weight - 1));
            case DIFFERENCE -> sum / weight - Objects.requireNonNull(subtracted).value();
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
        if (kind != Kind.DIFFERENCE && (weight == 0 || other.weight == 0)) {
            return weight == 0 ? other : this;
        }
        return switch (kind) {
            case MEAN -> mean(sum + other.sum, weight + other.weight);
            case MIN -> new Metric(kind, Math.min(sum, other.sum), weight + other.weight);
            case MAX -> new Metric(kind, Math.max(sum, other.sum), weight + other.weight);
            case VARIANCE -> new Metric(kind, sum + other.sum, squares + other.squares, weight + other.weight);
            case DIFFERENCE ->
                difference(
                        mean(sum + other.sum, weight + other.weight),
                        Objects.requireNonNull(subtracted).merge(Objects.requireNonNull(other.subtracted)));
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
