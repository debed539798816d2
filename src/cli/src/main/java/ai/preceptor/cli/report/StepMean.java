package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Curve.Point;
import java.util.List;

/**
 * A mean over some steps of a run, with its 95 % interval by Student's t: steps are the units. Where the metric still moves
 * within them, the interval is on the wide side.
 *
 * @param mean of the values
 * @param half half the interval's width; NaN for a single value
 */
record StepMean(double mean, double half) {
    /** 0.975 quantiles of Student's t by degrees of freedom, from 1. */
    private static final double[] T = {
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093
    };

    private static final int FEWEST = 5;
    private static final int MOST = T.length + 1;

    /** How many steps at each end of so many stand for it: a tenth, at least 5 and at most 20 where there are as many. */
    static int steps(int all) {
        return Math.min(all / 2, Math.max(FEWEST, Math.min(MOST, all / 10)));
    }

    /** Of the values of these points, 1 to 20 of them. */
    static StepMean of(List<Point> points) {
        int n = points.size();
        double mean = points.stream().mapToDouble(Point::y).sum() / n;
        double squares = points.stream()
                .mapToDouble(point -> (point.y() - mean) * (point.y() - mean))
                .sum();
        return new StepMean(mean, n < 2 ? Double.NaN : T[n - 2] * Math.sqrt(squares / (n - 1) / n));
    }
}
