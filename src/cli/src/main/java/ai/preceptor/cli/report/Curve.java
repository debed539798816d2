package ai.preceptor.cli.report;

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

    /**
     * One line.
     *
     * @param name in the legend
     * @param points in the order they are joined; those that are not finite are left out
     */
    public record Line(String name, List<Point> points) {
        /** Leaves out what cannot be drawn. */
        public Line {
            points = points.stream().filter(Point::isFinite).toList();
        }
    }

    /** A place. */
    public record Point(double x, double y) {
        boolean isFinite() {
            return Double.isFinite(x) && Double.isFinite(y);
        }
    }
}
