package ai.preceptor.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.chart.Curve.Point;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowMeansTest {
    /** Steps 1 and 2, 3 and 4, and 5 alone; a divergence that falls stays where it was measured. */
    @Test
    void of_oneRun_isTheMeanOfBothMetricsInEachWindow() {
        List<Point> points = means(2).of(List.of(run(0, 2, 8, 4, 1)), List.of(run(1, 3, 5, 6, 7)));
        assertThat(points).containsExactly(new Point(1, 2), new Point(6, 5.5), new Point(1, 7));
    }

    /**
     * Two seeds in one window: rewards of mean 2 and 4, divergences of mean 1 and 3. Their mean is 3 over 2, the deviation of 2
     * and 4 is the root of 2; what varies within a window is no part of it.
     */
    @Test
    void of_seeds_isMeanAndDeviationOfTheSeedsOwnMeans() {
        List<Point> points = means(2).of(List.of(run(0, 2), run(2, 4)), List.of(run(1, 3), run(-10, 18)));
        assertThat(points).hasSize(1);
        Point point = points.get(0);
        assertThat(point.x()).isEqualTo(2, within(1e-12));
        assertThat(point.y()).isEqualTo(3, within(1e-12));
        assertThat(point.high() - point.y()).isEqualTo(Math.sqrt(2), within(1e-12));
        assertThat(point.y() - point.low()).isEqualTo(Math.sqrt(2), within(1e-12));
        assertThat(point.xHigh()).isEqualTo(point.xLow());
    }

    /** The second run lacks step 2, the first a value at step 3, and only the first has come to step 4. */
    @Test
    void of_stepsThatNotAllHave_areLeftOut() {
        List<Point> first = List.of(new Point(1, 1), new Point(2, 9), new Point(3, Double.NaN), new Point(4, 9));
        List<Point> second = List.of(new Point(1, 3), new Point(3, 9));
        List<List<Point>> divergences = List.of(run(0, 0, 0, 0), run(0, 0, 0, 0));
        List<Point> points = means(1).of(divergences, List.of(first, second));
        assertThat(points).extracting(Point::y).containsExactly(2.0);
        assertThat(means(1).of(List.of(run(1), List.of()), List.of(run(1), run(1))))
                .as("a run without the horizontal metric")
                .isEmpty();
        assertThat(means(1).of(List.of(), List.of())).isEmpty();
    }

    /** Logged at every fifth step: windows are of steps, not of lines. */
    @Test
    void of_stepsBetweenLines_belongToTheirWindows() {
        List<Point> lines = List.of(new Point(5, 1), new Point(10, 2), new Point(15, 4), new Point(20, 6));
        assertThat(means(10).of(List.of(lines), List.of(lines))).containsExactly(new Point(1.5, 1.5), new Point(5, 5));
        assertThat(means(2).of(List.of(lines), List.of(lines))).hasSize(4);
    }

    /** The root of the mean 9 is 3, and not the mean of the roots of 0 and 18; a mean below 0 has none. */
    @Test
    void of_scale_isAppliedToAWindowsMean() {
        WindowMeans roots = new WindowMeans(2, Math::sqrt);
        assertThat(roots.of(List.of(run(0, 18, -3, 1)), List.of(run(1, 1, 1, 1))))
                .containsExactly(new Point(3, 1));
    }

    /** 30 steps by twelve are windows of 3 steps, of which there are ten. */
    @Test
    void of_noLength_isATwelfthOfTheSteps() {
        double[] values = IntStream.rangeClosed(1, 30).asDoubleStream().toArray();
        List<Point> points = WindowMeans.TWELFTHS.of(List.of(run(values)), List.of(run(values)));
        assertThat(points).hasSize(10);
        assertThat(points.get(0)).isEqualTo(new Point(2, 2));
        assertThat(WindowMeans.TWELFTHS.of(List.of(run(1, 2, 3)), List.of(run(1, 2, 3))))
                .hasSize(3);
    }

    @Test
    void of_whatIsNoWindowOrNoPair_isRefused() {
        assertThatThrownBy(() -> means(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> means(1).of(List.of(run(1)), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 and 0");
    }

    private static WindowMeans means(int steps) {
        return new WindowMeans(steps, DoubleUnaryOperator.identity());
    }

    /** Values from step 1 on. */
    private static List<Point> run(double... values) {
        return IntStream.range(0, values.length)
                .mapToObj(i -> new Point(i + 1, values[i]))
                .toList();
    }
}
