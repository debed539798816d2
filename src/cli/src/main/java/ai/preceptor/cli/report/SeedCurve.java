package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Curve.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One metric of several runs that differ only in their seed, as one line. */
public final class SeedCurve {
    /** What the line and its band are. */
    public static final String NOTE =
            "A line with a band is the mean over seeds with one sample standard deviation to either"
                    + " side, up to the last step that all runs have.";

    private SeedCurve() {}

    /**
     * Step by step the mean, with one sample standard deviation to either side; at steps at which all runs have a finite
     * value.
     *
     * @param runs the metric of each over its steps
     */
    public static List<Point> of(List<List<Point>> runs) {
        Map<Double, Map<Integer, Double>> steps = new TreeMap<>();
        for (int run = 0; run < runs.size(); run++) {
            for (Point point : runs.get(run)) {
                steps.computeIfAbsent(point.x(), step -> new TreeMap<>()).put(run, point.y());
            }
        }
        List<Point> points = new ArrayList<>();
        steps.forEach((step, values) -> {
            SeedStatistics all = SeedStatistics.of(List.copyOf(values.values()));
            if (all.n() == runs.size()) {
                double deviation = all.n() < 2 ? 0 : all.deviation();
                points.add(new Point(step, all.mean(), all.mean() - deviation, all.mean() + deviation));
            }
        });
        return points;
    }
}
