package ai.preceptor.cli.chart;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/**
 * A {@link Curve} as an SVG file of its own, for documents and papers: title, picture, legend and note on a white ground, so
 * that it can be read on a light page and on a dark one. It has its own style sheet, no script, and loads nothing.
 */
public final class ChartFile {
    /** By which a file of this class is known. */
    private static final String GENERATOR = "preceptor compare";

    private static final String MARK = "data-generator=\"" + GENERATOR + "\"";
    /** Where the mark is. */
    private static final int HEAD = 512;

    private static final int WIDTH = 680;
    private static final int HEIGHT = 400;
    private static final int MARGIN = 16;
    /** Above the picture. */
    private static final int TITLE = 36;

    private static final int LONGEST_TITLE = 74;
    /** Height of a line of the legend and of the note. */
    private static final int LINE = 22;
    /** Of a letter of the legend, with room for wide fonts; of the note, which is smaller. */
    private static final double LETTER = 7.6;

    private static final int LONGEST_NOTE = 96;
    private static final int LONGEST_NAME = 80;
    /** Between a key and its name, and between two names. */
    private static final int GAP = 6;

    private final Curve curve;

    /** @param curve what to draw */
    public ChartFile(Curve curve) {
        this.curve = curve;
    }

    /**
     * Whether a file is one of these, which may be replaced.
     *
     * @throws OutputException when it cannot be read
     */
    public static boolean isOne(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(HEAD), StandardCharsets.UTF_8).contains(MARK);
        } catch (IOException e) {
            throw new OutputException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Writes the file, aside first.
     *
     * @throws OutputException when it cannot be written
     */
    public void write(Path file) {
        AtomicFiles.writeString(file, render());
    }

    /** The file's text. */
    public String render() {
        Chart chart = new Chart(curve, WIDTH, HEIGHT);
        Html below = new Html();
        int end = TITLE + chart.height();
        if (chart.needsLegend()) {
            end = legend(below, chart, end);
        }
        end = note(below, end);
        Html html = new Html();
        html.open(
                "svg",
                "xmlns=http://www.w3.org/2000/svg",
                "data-generator=" + GENERATOR,
                "viewBox=0 0 " + WIDTH + " " + (end + MARGIN / 2),
                "width=" + WIDTH,
                "height=" + (end + MARGIN / 2),
                "role=img",
                "aria-labelledby=title description");
        html.element("title", curve.title(), "id=title").element("desc", description(), "id=description");
        html.style(css());
        html.empty("rect", "class=ground", "width=100%", "height=100%");
        html.element("text", Chart.ended(curve.title(), LONGEST_TITLE), "class=title", "x=" + MARGIN, "y=24");
        html.open("g", "transform=translate(0 " + TITLE + ")");
        chart.picture(html);
        return html.close().add(below).close().finishXml();
    }

    /** Keys and names, as many beside each other as the width has room for; gives where they end. */
    private int legend(Html html, Chart chart, int top) {
        double x = chart.left();
        int y = top;
        for (int i = 0; i < curve.lines().size(); i++) {
            String name = Chart.ended(curve.lines().get(i).name(), LONGEST_NAME);
            double wide = chart.keyWidth(i) + GAP + name.length() * LETTER;
            if (x > chart.left() && x + wide > WIDTH - MARGIN) {
                x = chart.left();
                y += LINE;
            }
            // A name that is too long for its place begins further to the left.
            double from = Math.max(MARGIN, Math.min(x, WIDTH - MARGIN - wide));
            html.open(
                    "g",
                    "class=" + chart.style(i),
                    String.format(Locale.ROOT, "transform=translate(%.1f %d)", from, y));
            chart.key(html, i);
            html.element(
                    "text", name, "class=name", "x=" + (chart.keyWidth(i) + GAP), "y=" + Chart.KEY / 2, "dy=0.35em");
            html.close();
            x = from + wide + 3 * GAP;
        }
        return y + LINE;
    }

    /** The note in lines; gives where they end. */
    private int note(Html html, int top) {
        int y = top;
        StringBuilder line = new StringBuilder();
        for (String word : curve.note().split(" ", -1)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > LONGEST_NOTE) {
                y += noteLine(html, line, y);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        return line.length() == 0 ? y : y + noteLine(html, line, y);
    }

    private static int noteLine(Html html, StringBuilder line, int top) {
        html.element("text", line.toString(), "class=note", "x=" + MARGIN, "y=" + (top + LINE / 2 + 4));
        line.setLength(0);
        return LINE - 4;
    }

    /** What a person is told who does not see it. */
    private String description() {
        String lines = String.join(
                ", ", curve.lines().stream().map(Curve.Line::name).distinct().toList());
        String axes = curve.rows().isEmpty()
                ? curve.yLabel() + " over " + curve.xLabel()
                : curve.xLabel() + " of " + String.join(", ", curve.rows());
        return (axes + ". " + lines + ". " + curve.note()).strip();
    }

    private static String css() {
        try (InputStream in = Objects.requireNonNull(ChartFile.class.getResourceAsStream("chart.css"), "chart.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("chart.css of this program cannot be read", e);
        }
    }
}
