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

    /** An axis from one round value to another that holds every one of {@code values}. */
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
        double low = Math.floor((least - margin) / step) * step;
        double high = Math.ceil((most + margin) / step) * step;
        return new Axis(low, high, step);
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
        int count = (int) Math.floor((high - low) / step + 1e-9);
        for (int i = 0; i <= count; i++) {
            // Multiplying keeps rounding errors from adding up; adding 0.0 turns -0 into 0.
            ticks.add(Math.rint((low + i * step) / step) * step + 0.0);
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
