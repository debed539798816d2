package ai.preceptor.data.setting;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A numeric interval in the notation of the help texts: {@code [0, 1)}, {@code (0, inf)}.
 *
 * @param lowest lower end
 * @param lowestIncluded whether the lower end is legal
 * @param highest upper end
 * @param highestIncluded whether the upper end is legal
 */
public record Range(double lowest, boolean lowestIncluded, double highest, boolean highestIncluded) {
    /** All numbers. */
    public static final Range EVERYTHING = new Range(Double.NEGATIVE_INFINITY, false, Double.POSITIVE_INFINITY, false);

    private static final double UNBOUNDED = 1e9;
    private static final Pattern NOTATION = Pattern.compile("([\\[(])\\s*([^,\\s]+)\\s*,\\s*([^,\\s]+)\\s*([\\])])");

    /** @throws IllegalArgumentException when {@code text} is not an interval: a mistake in an annotation */
    public static Range parse(String text) {
        Matcher matcher = NOTATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("range \"" + text + "\": expected an interval such as \"[0, 1)\"");
        }
        return new Range(
                end(matcher.group(2)),
                matcher.group(1).equals("["),
                end(matcher.group(3)),
                matcher.group(4).equals("]"));
    }

    /**
     * Refuses a number out of its range; {@link Refusals} does so for a record of settings, all numbers at once.
     *
     * @param name what the number is called in the message
     * @param interval as {@link #parse} takes it
     * @throws IllegalArgumentException if {@code value} is outside, or not a number
     */
    public static void require(String name, double value, String interval) {
        if (!parse(interval).contains(value)) {
            throw new IllegalArgumentException(name + ": " + value + ", must be in " + interval);
        }
    }

    /** Whether it is inside. */
    public boolean contains(double value) {
        boolean aboveLowest = lowestIncluded ? value >= lowest : value > lowest;
        boolean belowHighest = highestIncluded ? value <= highest : value < highest;
        return aboveLowest && belowHighest;
    }

    /** The interval with the marks of {@link #parse}. */
    @Override
    public String toString() {
        return (lowestIncluded ? "[" : "(") + show(lowest) + ", " + show(highest) + (highestIncluded ? "]" : ")");
    }

    /**
     * The numbers in words: {@code >= 1}, {@code > 0}, or else the interval. A bound of a thousand million or more only keeps
     * arithmetic finite and is left out.
     *
     * @return empty for all numbers
     */
    public String words() {
        boolean bounded = highest < UNBOUNDED;
        if (lowest == Double.NEGATIVE_INFINITY || lowest <= -UNBOUNDED) {
            return bounded ? (highestIncluded ? "<= " : "< ") + show(highest) : "";
        }
        return bounded ? "in " + this : (lowestIncluded ? ">= " : "> ") + show(lowest);
    }

    private static double end(String text) {
        return switch (text) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private static String show(double end) {
        if (Double.isInfinite(end)) {
            return end > 0 ? "inf" : "-inf";
        }
        return end == Math.rint(end) ? Long.toString((long) end) : Double.toString(end);
    }
}
