package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Curve.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One metric over another that is measured at the same steps, such as reward over KL. Single steps are too noisy for that, and
 * KL does not rise at every step, so nothing is sorted by it or interpolated: each point is the mean of both metrics over a
 * window of consecutive steps. Of several seeds, it is the mean over the seeds of these means, with one sample standard
 * deviation of the vertical one to either side.
 *
 * @param steps length of a window: the first has the steps 1 to {@code steps}; null for a twelfth of the last common step,
 *     rounded up
 * @param scale of the horizontal axis, applied to each window's mean of each seed
 */
public record WindowMeans(@Nullable Integer steps, DoubleUnaryOperator scale) {
    /** So many means show the way. */
    private static final int MOST_POINTS = 12;

    /** With windows of a twelfth of the steps, on the metric's own scale. */
    public static final WindowMeans TWELFTHS = new WindowMeans(null, DoubleUnaryOperator.identity());

    /** Checks the window. */
    public WindowMeans {
        if (steps != null && steps < 1) {
            throw new IllegalArgumentException("expected a window of at least one step, found " + steps);
        }
    }

    /**
     * The points in the order of the steps. Steps at which not every run has finite values of both are left out, and windows
     * without a step, or whose place on the horizontal axis is no number. The last window may have fewer steps.
     *
     * @param xs the horizontal metric of each run over its steps
     * @param ys the vertical one, of the same runs
     */
    public List<Point> of(List<List<Point>> xs, List<List<Point>> ys) {
        if (xs.size() != ys.size()) {
            throw new IllegalArgumentException("expected as many runs, found " + xs.size() + " and " + ys.size());
        }
        TreeMap<Double, double[]> common = common(xs, ys);
        List<Point> points = new ArrayList<>();
        if (common.isEmpty()) {
            return points;
        }
        double length = steps == null ? Math.max(1, Math.ceil(common.lastKey() / MOST_POINTS)) : steps;
        Map<Double, List<double[]>> windows = new TreeMap<>();
        common.forEach(
                (step, values) -> windows.computeIfAbsent(Math.floor((step - 1) / length), window -> new ArrayList<>())
                        .add(values));
        windows.values().forEach(values -> {
            Point point = point(values, xs.size());
            if (point != null) {
                points.add(point);
            }
        });
        return points;
    }

    /** By step, x and y of the first run, of the second, and so on. */
    private static TreeMap<Double, double[]> common(List<List<Point>> xs, List<List<Point>> ys) {
        TreeMap<Double, double[]> common = new TreeMap<>();
        for (int run = 0; run < xs.size(); run++) {
            Map<Double, Double> across = new HashMap<>();
            xs.get(run).forEach(point -> across.put(point.x(), point.y()));
            TreeMap<Double, double[]> next = new TreeMap<>();
            for (Point point : ys.get(run)) {
                double x = across.getOrDefault(point.x(), Double.NaN);
                double[] before = run == 0 ? new double[0] : common.get(point.x());
                if (before != null && Double.isFinite(x) && Double.isFinite(point.y())) {
                    double[] values = Arrays.copyOf(before, before.length + 2);
                    values[before.length] = x;
                    values[before.length + 1] = point.y();
                    next.put(point.x(), values);
                }
            }
            common = next;
        }
        return common;
    }

    private @Nullable Point point(List<double[]> window, int runs) {
        double x = 0;
        List<Double> ys = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            x += scale.applyAsDouble(mean(window, 2 * run)) / runs;
            ys.add(mean(window, 2 * run + 1));
        }
        SeedStatistics all = SeedStatistics.of(ys);
        double deviation = runs < 2 ? 0 : all.deviation();
        Point point = new Point(x, all.mean(), all.mean() - deviation, all.mean() + deviation);
        return Double.isFinite(x) ? point : null;
    }

    private static double mean(List<double[]> window, int column) {
        return window.stream().mapToDouble(values -> values[column]).average().orElse(Double.NaN);
    }
}
