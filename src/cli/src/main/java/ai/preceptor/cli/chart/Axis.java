package ai.preceptor.cli.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * A linear axis with round ticks.
 *
 * @param low value at its beginning
 * @param high value at its end, above {@code low}
 * @param step distance of the ticks
 */
record Axis(double low, double high, double step) {
    private static final int ABOUT_TICKS = 5;

    /** What a value may lie beyond the last tick without one more, in steps. */
    private static final double OVERHANG = 0.02;

    /**
     * An axis that holds every one of {@code values}. It begins and ends at a tick, or at a value that is a little beyond one: a
     * divergence of -0.02 among others of 100 is no reason to begin at -50.
     */
    static Axis holding(DoubleStream values) {
        double[] all = values.toArray();
        double least = DoubleStream.of(all).min().orElse(0);
        double most = DoubleStream.of(all).max().orElse(1);
        // A single value, or equal ones, still need a length.
        boolean flat = most - least <= 1e-12 * Math.abs(most);
        double margin = flat ? (most == 0 ? 1 : Math.abs(most) / 2) : 0;
        double step = round((most - least + 2 * margin) / ABOUT_TICKS);
        if (DoubleStream.of(all).allMatch(value -> value == Math.rint(value))) {
            step = Math.max(1, step); // steps and rounds have nothing between them
        }
        return new Axis(begin(least - margin, step), -begin(-most - margin, step), step);
    }

    private static double begin(double least, double step) {
        double tick = Math.floor(least / step) * step;
        return least > tick + (1 - OVERHANG) * step ? least : tick;
    }

    /** The same for steps and other counts, that ends where they do, between two ticks perhaps. */
    static Axis ofCounts(DoubleStream values) {
        double[] all = values.toArray();
        Axis whole = holding(DoubleStream.of(all));
        double most = DoubleStream.of(all).max().orElse(whole.high());
        double least = DoubleStream.of(all).min().orElse(whole.low());
        return most > least && DoubleStream.of(all).allMatch(value -> value == Math.rint(value))
                ? new Axis(whole.low(), most, whole.step())
                : whole;
    }

    /** Where {@code value} lies, from 0 at the beginning to 1 at the end. */
    double share(double value) {
        return (value - low) / (high - low);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        long last = (long) Math.floor(high / step + 1e-9);
        for (long i = (long) Math.ceil(low / step - 1e-9); i <= last; i++) {
            // Multiplying keeps rounding errors from adding up.
            ticks.add(i * step);
        }
        return ticks;
    }

    /** A tick with as many decimals as the step needs. */
    String label(double tick) {
        double size = Math.max(Math.abs(low), Math.abs(high));
        if (size >= 1e6 || size < 1e-3) {
            return tick == 0 ? "0" : String.format(Locale.ROOT, "%.1e", tick);
        }
        int decimals = Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%." + decimals + "f", tick);
    }

    /** The next of 1, 2 and 5 times a power of ten. */
    private static double round(double rough) {
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double mantissa = rough / power;
        if (mantissa <= 1) {
            return power;
        }
        return mantissa <= 2 ? 2 * power : mantissa <= 5 ? 5 * power : 10 * power;
    }
}
