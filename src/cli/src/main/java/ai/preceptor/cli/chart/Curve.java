package ai.preceptor.cli.chart;

import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * A picture of lines or points over two axes.
 *
 * @param title what it shows
 * @param xLabel name and unit of the horizontal axis
 * @param yLabel name and unit of the vertical axis; empty for none
 * @param lines what is drawn, in the order of the legend
 * @param rows names on the vertical axis from top to bottom, where it has no numbers: a point's {@code y} is an index into
 *     them, or lies between two; points are not joined then. Empty for an axis of numbers
 * @param note what intervals and bands are; empty for none. A page says it once for all its charts
 */
public record Curve(String title, String xLabel, String yLabel, List<Line> lines, List<String> rows, String note) {
    /** Copies the lists. */
    public Curve {
        lines = List.copyOf(lines);
        rows = List.copyOf(rows);
    }

    /** One with numbers on both axes, and without a note. */
    public Curve(String title, String xLabel, String yLabel, List<Line> lines) {
        this(title, xLabel, yLabel, lines, List.of(), "");
    }

    /** How the intervals of a line's points are drawn. */
    public enum Spread {
        /** A line across each point. */
        WHISKERS,
        /** An area between all lower and all upper ends; whiskers for a line that turns back to the left. */
        BAND
    }

    /**
     * One line.
     *
     * @param name in the legend
     * @param points in the order they are joined; those that are not finite are left out
     * @param spread how their intervals are drawn
     * @param look colour and dashes; null for those of its place among the lines
     */
    public record Line(
            String name,
            List<Point> points,
            Spread spread,
            @Nullable Look look) {
        /** Leaves out what cannot be drawn. */
        public Line {
            points = points.stream().filter(Point::isFinite).toList();
        }

        /** One that looks as its place among the lines says. */
        public Line(String name, List<Point> points, Spread spread) {
            this(name, points, spread, null);
        }

        /** One whose intervals are straight lines. */
        public Line(String name, List<Point> points) {
            this(name, points, Spread.WHISKERS);
        }

        boolean hasIntervals() {
            return points.stream().anyMatch(Point::hasInterval);
        }
    }

    /**
     * How lines are told apart that belong together in two ways, such as two metrics of each of several runs.
     *
     * @param colour from 0 to 7
     * @param dash 0 for a solid line, 1 for dashes, 2 for dots, more for both
     */
    public record Look(int colour, int dash) {
        private static final int COLOURS = 8;

        /**
         * Colours in turn; beyond the last one they begin again with dashes that were not used.
         *
         * @param index from 0, of what differs by colour
         * @param kind from 0, of what differs by dashes
         * @param kinds how many there are
         */
        public static Look of(int index, int kind, int kinds) {
            return new Look(index % COLOURS, kind + kinds * (index / COLOURS));
        }
    }

    /**
     * A place.
     *
     * @param low lower end of the interval around {@code y}; {@code y} itself for none
     * @param high its upper end
     * @param xLow lower end of the interval around {@code x}; {@code x} itself for none
     * @param xHigh its upper end
     */
    public record Point(double x, double y, double low, double high, double xLow, double xHigh) {
        /** One with an interval around {@code y} alone. */
        public Point(double x, double y, double low, double high) {
            this(x, y, low, high, x, x);
        }

        /** One without an interval. */
        public Point(double x, double y) {
            this(x, y, y, y);
        }

        boolean isFinite() {
            return DoubleStream.of(x, y, low, high, xLow, xHigh).allMatch(Double::isFinite);
        }

        boolean hasInterval() {
            return high > low;
        }

        boolean hasXInterval() {
            return xHigh > xLow;
        }
    }
}
