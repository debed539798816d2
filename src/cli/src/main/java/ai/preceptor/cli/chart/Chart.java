package ai.preceptor.cli.chart;

import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Look;
import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.chart.Curve.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

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
    /** Length of the vertical axis for each character of its name. */
    private static final int NAME_CHARACTER = 9;
    /** Between a label and its axis. */
    private static final int GAP = 7;
    /** Widest character of a label of a tick in any usual font, in pixels of the picture. */
    private static final double DIGIT = 9;
    /** The same of a name, on average. */
    private static final double LETTER = 7.6;
    /** Names of rows take at most this share of the width. */
    private static final double MOST_ROW_NAME = 0.4;
    /** Height of a row, and what each of its points needs of it. */
    private static final int ROW = 24;

    private static final int ROW_POINT = 9;
    /** Beyond so many points, marks hide the line they stand on. */
    private static final int MOST_MARKS = 24;
    /** Sides of the picture of a line in a legend. */
    static final int KEY = 14;

    /** Classes of lines. */
    private static final List<String> DASHES = List.of("", " dashed", " dotted", " dash-dotted");
    /** A value of less than this share of the largest one is drawn where 0 is, within a tenth of a pixel. */
    private static final double NOISE = 1e-4;

    private final Curve curve;
    private final int width;
    private final int height;
    private final Axis x;
    private final Axis y;
    private final int left;
    private final int longestRow;

    /** @param curve what to draw */
    public Chart(Curve curve) {
        this(curve, WIDTH, HEIGHT);
    }

    /**
     * One of another size.
     *
     * @param height of a chart with numbers on both axes; one with rows is as high as they need
     */
    Chart(Curve curve, int width, int height) {
        this.curve = curve;
        this.width = width;
        List<Point> points =
                curve.lines().stream().flatMap(line -> line.points().stream()).toList();
        this.x = Axis.ofCounts(withoutNoise(points.stream()
                .flatMapToDouble(point -> DoubleStream.of(point.x(), point.xLow(), point.xHigh()))
                .toArray()));
        this.longestRow = (int) (MOST_ROW_NAME * width / LETTER);
        int rows = curve.rows().size();
        if (rows == 0) {
            this.height = height;
            this.y = Axis.holding(withoutNoise(points.stream()
                    .flatMapToDouble(point -> DoubleStream.of(point.y(), point.low(), point.high()))
                    .toArray()));
            int widest = y.ticks().stream()
                    .mapToInt(tick -> y.label(tick).length())
                    .max()
                    .orElse(0);
            this.left = nameWidth() + GAP + (int) Math.ceil(widest * DIGIT);
        } else {
            this.height = TOP + BOTTOM + rows * Math.max(ROW, ROW_POINT * (1 + mostInARow(points)));
            this.y = new Axis(-0.5, rows - 0.5, 1);
            int widest = curve.rows().stream()
                    .mapToInt(name -> Math.min(longestRow, name.length()))
                    .max()
                    .orElse(0);
            this.left = nameWidth() + GAP + (int) Math.ceil(widest * LETTER);
        }
    }

    private int nameWidth() {
        return curve.yLabel().isEmpty() ? 0 : NAME_WIDTH;
    }

    private static int mostInARow(List<Point> points) {
        return points.stream()
                .collect(Collectors.groupingBy(point -> Math.round(point.y()), Collectors.summingInt(point -> 1)))
                .values()
                .stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }

    /** A KL of -1e-7 is 0 that was rounded, and no reason for an axis that begins far below. */
    private static DoubleStream withoutNoise(double[] values) {
        double most = DoubleStream.of(values).map(Math::abs).max().orElse(0);
        return DoubleStream.of(values).map(value -> Math.abs(value) < NOISE * most ? 0 : value);
    }

    int height() {
        return height;
    }

    /** Where the horizontal axis begins. */
    int left() {
        return left;
    }

    /** Adds a figure: title, picture, legend. */
    public void draw(Html html) {
        html.open("figure").element("figcaption", curve.title());
        html.open("svg", "viewBox=0 0 " + width + " " + height, "role=img", "aria-label=" + curve.title());
        picture(html);
        html.close();
        if (needsLegend()) {
            legend(html);
        }
        html.close();
    }

    /** A line that is called as the chart needs no second name. */
    boolean needsLegend() {
        return curve.lines().size() != 1 || !curve.lines().get(0).name().equals(curve.title());
    }

    /** Axes and lines, from (0, 0) on. */
    void picture(Html html) {
        axes(html);
        for (int i = 0; i < curve.lines().size(); i++) {
            line(html, curve.lines().get(i), look(i));
        }
    }

    private Look look(int index) {
        Look own = curve.lines().get(index).look();
        return own == null ? Look.of(index, 0, 1) : own;
    }

    private void axes(Html html) {
        int right = width - RIGHT;
        int bottom = height - BOTTOM;
        rowsOrTicks(html, right);
        for (double tick : x.ticks()) {
            String at = pixel(across(tick));
            html.empty("line", "class=grid", "x1=" + at, "x2=" + at, "y1=" + TOP, "y2=" + bottom);
            html.element("text", x.label(tick), "class=tick", "x=" + at, "y=" + (bottom + 17), "text-anchor=middle");
        }
        html.element(
                "text",
                curve.xLabel(),
                "class=label",
                "x=" + (left + right) / 2,
                "y=" + (height - 9),
                "text-anchor=middle");
        if (!curve.yLabel().isEmpty()) {
            int middle = (TOP + bottom) / 2;
            html.element(
                    "text",
                    shortened(curve.yLabel(), (bottom - TOP) / NAME_CHARACTER),
                    "class=label",
                    "transform=translate(" + NAME + " " + middle + ") rotate(-90)",
                    "text-anchor=middle");
        }
    }

    private void rowsOrTicks(Html html, int right) {
        boolean numbers = curve.rows().isEmpty();
        int count = numbers ? y.ticks().size() : curve.rows().size();
        for (int i = 0; i < count; i++) {
            double tick = numbers ? y.ticks().get(i) : i;
            String at = pixel(down(tick));
            html.empty("line", "class=grid", "x1=" + left, "x2=" + right, "y1=" + at, "y2=" + at);
            html.element(
                    "text",
                    numbers ? y.label(tick) : ended(curve.rows().get(i), longestRow),
                    "class=tick",
                    "x=" + (left - GAP),
                    "y=" + at,
                    "dy=0.35em",
                    "text-anchor=end");
        }
    }

    /** A name that is longer than its axis, without its family: the title has all of it. */
    private static String shortened(String name, int longest) {
        return name.length() <= longest ? name : name.substring(name.lastIndexOf('/') + 1);
    }

    /** A name of at most so many characters; the end of one that is longer is left out. */
    static String ended(String name, int longest) {
        return name.length() <= longest ? name : name.substring(0, longest - 1) + "…";
    }

    private void line(Html html, Line line, Look look) {
        List<Point> points = line.points();
        html.open("g", "class=" + style(look));
        boolean band = line.spread() == Spread.BAND && points.size() > 1 && isRising(points);
        if (band && line.hasIntervals()) {
            html.empty("polygon", "class=band", "points=" + outline(points));
        }
        if (isJoined(line)) {
            html.empty(
                    "polyline",
                    "points="
                            + points.stream()
                                    .map(point -> place(point.x(), point.y()))
                                    .collect(Collectors.joining(" ")));
        }
        for (Point point : points) {
            if (point.hasInterval() && !band) {
                whisker(html, point.x(), point.x(), point.low(), point.high());
            }
            if (point.hasXInterval() && !band) {
                whisker(html, point.xLow(), point.xHigh(), point.y(), point.y());
            }
        }
        if (points.size() <= MOST_MARKS || !isJoined(line)) {
            for (Point point : points) {
                html.open("path", "d=" + mark(look, across(point.x()), down(point.y())));
                html.element("title", told(line, point)).close();
            }
        }
        html.close();
    }

    /** Where a line turns back, an area would cover itself. */
    private static boolean isRising(List<Point> points) {
        return IntStream.range(1, points.size())
                .allMatch(i -> points.get(i).x() >= points.get(i - 1).x());
    }

    private void whisker(Html html, double x1, double x2, double y1, double y2) {
        html.empty(
                "line",
                "class=whisker",
                "x1=" + pixel(across(x1)),
                "x2=" + pixel(across(x2)),
                "y1=" + pixel(down(y1)),
                "y2=" + pixel(down(y2)));
    }

    private boolean isJoined(Line line) {
        return curve.rows().isEmpty() && line.points().size() > 1;
    }

    private String told(Line line, Point point) {
        return curve.rows().isEmpty()
                ? String.format(Locale.ROOT, "%s: %.4g, %.4g", line.name(), point.x(), point.y())
                : String.format(Locale.ROOT, "%s: %.4g", curve.rows().get((int) Math.round(point.y())), point.x());
    }

    /** Along the upper ends and back along the lower ones. */
    private String outline(List<Point> points) {
        List<String> places = new ArrayList<>();
        points.forEach(point -> places.add(place(point.x(), point.high())));
        for (int i = points.size() - 1; i >= 0; i--) {
            places.add(place(points.get(i).x(), points.get(i).low()));
        }
        return String.join(" ", places);
    }

    private void legend(Html html) {
        html.open("ul", "class=legend");
        for (int i = 0; i < curve.lines().size(); i++) {
            int wide = keyWidth(i);
            html.open("li")
                    .open(
                            "svg",
                            "viewBox=0 0 " + wide + " " + KEY,
                            "width=" + wide,
                            "class=key " + style(look(i)),
                            "aria-hidden=true");
            key(html, i);
            html.close().text(curve.lines().get(i).name()).close();
        }
        html.close();
    }

    /** A line needs a piece of itself to show its dashes. */
    int keyWidth(int index) {
        return isJoined(curve.lines().get(index)) ? 2 * KEY : KEY;
    }

    /** The class of a line and of its key. */
    String style(int index) {
        return style(look(index));
    }

    /** What a line looks like, in a legend. */
    void key(Html html, int index) {
        int wide = keyWidth(index);
        if (isJoined(curve.lines().get(index))) {
            html.empty("line", "class=piece", "x2=" + wide, "y1=" + KEY / 2, "y2=" + KEY / 2);
        }
        html.empty("path", "d=" + mark(look(index), wide / 2.0, KEY / 2.0));
    }

    private String place(double across, double down) {
        return pixel(across(across)) + "," + pixel(down(down));
    }

    private double across(double value) {
        return left + x.share(value) * (width - RIGHT - left);
    }

    private double down(double value) {
        double share = curve.rows().isEmpty() ? 1 - y.share(value) : y.share(value);
        return TOP + share * (height - BOTTOM - TOP);
    }

    private static String style(Look look) {
        return "c" + look.colour() + DASHES.get(Math.min(look.dash(), DASHES.size() - 1));
    }

    /** Circle, square, diamond and triangle in turn, about 8 across. */
    private static String mark(Look look, double x, double y) {
        String at = "M" + pixel(x) + " " + pixel(y);
        return switch ((look.colour() + look.dash()) % 4) {
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
