package ai.preceptor.cli.chart;

import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.chart.Curve.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Draws a {@link Curve} as SVG into a page. Lines differ by colour and by the shape of their marks; colours come from
 * the page's style sheet, which knows light from dark.
 */
public final class Chart {
    private static final int WIDTH = 480;
    private static final int HEIGHT = 300;
    /** Room for half of the last label of the horizontal axis. */
    private static final int RIGHT = 22;

    private static final int TOP = 12;
    private static final int BOTTOM = 50;
    /** The baseline of the vertical axis' name, and what it takes up with a gap behind it. */
    private static final int NAME = 15;

    private static final int NAME_WIDTH = 24;
    private static final int LONGEST_NAME = 26;
    /** Between a label and its axis. */
    private static final int GAP = 7;
    /** Widest character of a label of a tick in any usual font, in pixels of the picture. */
    private static final double DIGIT = 9;
    /** Beyond so many points, marks hide the line they stand on. */
    private static final int MOST_MARKS = 24;

    private static final int COLOURS = 8;
    /** A value of less than this share of the largest one is drawn where 0 is, within a tenth of a pixel. */
    private static final double NOISE = 1e-4;

    private final Curve curve;
    private final Axis x;
    private final Axis y;
    private final int left;

    /** @param curve what to draw */
    public Chart(Curve curve) {
        this.curve = curve;
        List<Point> points =
                curve.lines().stream().flatMap(line -> line.points().stream()).toList();
        this.x = Axis.ofCounts(points.stream().mapToDouble(Point::x));
        this.y = Axis.holding(withoutNoise(points.stream()
                .flatMapToDouble(point -> DoubleStream.of(point.y(), point.low(), point.high()))
                .toArray()));
        int widest = y.ticks().stream()
                .mapToInt(tick -> y.label(tick).length())
                .max()
                .orElse(0);
        this.left = NAME_WIDTH + GAP + (int) Math.ceil(widest * DIGIT);
    }

    /** A KL of -1e-7 is 0 that was rounded, and no reason for an axis that begins far below. */
    private static DoubleStream withoutNoise(double[] values) {
        double most = DoubleStream.of(values).map(Math::abs).max().orElse(0);
        return DoubleStream.of(values).map(value -> Math.abs(value) < NOISE * most ? 0 : value);
    }

    /** Adds a figure: title, picture, legend. */
    public void draw(Html html) {
        html.open("figure").element("figcaption", curve.title());
        html.open("svg", "viewBox=0 0 " + WIDTH + " " + HEIGHT, "role=img", "aria-label=" + curve.title());
        axes(html);
        for (int i = 0; i < curve.lines().size(); i++) {
            line(html, curve.lines().get(i), i);
        }
        html.close();
        boolean titled =
                curve.lines().size() == 1 && curve.lines().get(0).name().equals(curve.title());
        if (!titled) {
            legend(html);
        }
        html.close();
    }

    private void axes(Html html) {
        int right = WIDTH - RIGHT;
        int bottom = HEIGHT - BOTTOM;
        for (double tick : y.ticks()) {
            String at = pixel(down(tick));
            html.empty("line", "class=grid", "x1=" + left, "x2=" + right, "y1=" + at, "y2=" + at);
            html.element(
                    "text",
                    y.label(tick),
                    "class=tick",
                    "x=" + (left - GAP),
                    "y=" + at,
                    "dy=0.35em",
                    "text-anchor=end");
        }
        for (double tick : x.ticks()) {
            String at = pixel(across(tick));
            html.empty("line", "class=grid", "x1=" + at, "x2=" + at, "y1=" + TOP, "y2=" + bottom);
            html.element("text", x.label(tick), "class=tick", "x=" + at, "y=" + (bottom + 17), "text-anchor=middle");
        }
        int middle = (TOP + bottom) / 2;
        html.element(
                "text",
                curve.xLabel(),
                "class=label",
                "x=" + (left + right) / 2,
                "y=" + (HEIGHT - 9),
                "text-anchor=middle");
        html.element(
                "text",
                shortened(curve.yLabel()),
                "class=label",
                "transform=translate(" + NAME + " " + middle + ") rotate(-90)",
                "text-anchor=middle");
    }

    /** A name that is longer than its axis, without its family: the title has all of it. */
    private static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(name.lastIndexOf('/') + 1);
    }

    private void line(Html html, Line line, int index) {
        List<Point> points = line.points();
        String path = points.stream()
                .map(point -> pixel(across(point.x())) + "," + pixel(down(point.y())))
                .collect(Collectors.joining(" "));
        html.open("g", "class=" + colour(index));
        boolean band = line.spread() == Spread.BAND && points.size() > 1;
        if (band && line.hasIntervals()) {
            html.empty("polygon", "class=band", "points=" + outline(points));
        }
        if (points.size() > 1) {
            html.empty("polyline", "points=" + path);
        }
        for (Point point : points) {
            if (point.hasInterval() && !band) {
                String at = pixel(across(point.x()));
                html.empty(
                        "line",
                        "class=whisker",
                        "x1=" + at,
                        "x2=" + at,
                        "y1=" + pixel(down(point.low())),
                        "y2=" + pixel(down(point.high())));
            }
        }
        if (points.size() <= MOST_MARKS) {
            for (Point point : points) {
                String told = String.format(Locale.ROOT, "%s: %.4g, %.4g", line.name(), point.x(), point.y());
                html.open("path", "d=" + mark(index, across(point.x()), down(point.y())));
                html.element("title", told).close();
            }
        }
        html.close();
    }

    /** Along the upper ends and back along the lower ones. */
    private String outline(List<Point> points) {
        List<String> places = new ArrayList<>();
        points.forEach(point -> places.add(pixel(across(point.x())) + "," + pixel(down(point.high()))));
        for (int i = points.size() - 1; i >= 0; i--) {
            places.add(pixel(across(points.get(i).x())) + ","
                    + pixel(down(points.get(i).low())));
        }
        return String.join(" ", places);
    }

    private void legend(Html html) {
        html.open("ul", "class=legend");
        for (int i = 0; i < curve.lines().size(); i++) {
            html.open("li").open("svg", "viewBox=0 0 14 14", "class=key " + colour(i), "aria-hidden=true");
            html.empty("path", "d=" + mark(i, 7, 7)).close();
            html.text(curve.lines().get(i).name()).close();
        }
        html.close();
    }

    private double across(double value) {
        return left + x.share(value) * (WIDTH - RIGHT - left);
    }

    private double down(double value) {
        return HEIGHT - BOTTOM - y.share(value) * (HEIGHT - BOTTOM - TOP);
    }

    private static String colour(int index) {
        // Beyond the colours, lines are dashed.
        return "c" + index % COLOURS + (index < COLOURS ? "" : " dashed");
    }

    /** Circle, square, diamond and triangle in turn, about 8 across. */
    private static String mark(int index, double x, double y) {
        String at = "M" + pixel(x) + " " + pixel(y);
        return switch (index % 4) {
            case 0 -> at + "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z";
            case 1 -> at + "m-3.6 -3.6h7.2v7.2h-7.2z";
            case 2 -> at + "m0 -5l5 5l-5 5l-5 -5z";
            default -> at + "m0 -4.8l4.8 8.4h-9.6z";
        };
    }

    private static String pixel(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
