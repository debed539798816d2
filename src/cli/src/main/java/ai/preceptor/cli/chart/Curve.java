package ai.preceptor.cli.chart;

import java.util.List;

/**
 * A picture of lines or points over two axes.
 *
 * @param title what it shows
 * @param xLabel name and unit of the horizontal axis
 * @param yLabel name and unit of the vertical axis
 * @param lines what is drawn, in the order of the legend
 */
public record Curve(String title, String xLabel, String yLabel, List<Line> lines) {
    /** Copies the list. */
    public Curve {
        lines = List.copyOf(lines);
    }

    /** How the intervals of a line's points are drawn. */
    public enum Spread {
        /** A vertical line at each point. */
        WHISKERS,
        /** An area between all lower and all upper ends. */
        BAND
    }

    /**
     * One line.
     *
     * @param name in the legend
     * @param points in the order they are joined; those that are not finite are left out
     * @param spread how their intervals are drawn
     */
    public record Line(String name, List<Point> points, Spread spread) {
        /** Leaves out what cannot be drawn. */
        public Line {
            points = points.stream().filter(Point::isFinite).toList();
        }

        /** One whose intervals are vertical lines. */
        public Line(String name, List<Point> points) {
            this(name, points, Spread.WHISKERS);
        }

        boolean hasIntervals() {
            return points.stream().anyMatch(Point::hasInterval);
        }
    }

    /**
     * A place.
     *
     * @param low lower end of the interval around {@code y}; {@code y} itself for none
     * @param high its upper end
     */
    public record Point(double x, double y, double low, double high) {
        /** One without an interval. */
        public Point(double x, double y) {
            this(x, y, y, y);
        }

        boolean isFinite() {
            return Double.isFinite(x) && Double.isFinite(y) && Double.isFinite(low) && Double.isFinite(high);
        }

        boolean hasInterval() {
            return high > low;
        }
    }
}
