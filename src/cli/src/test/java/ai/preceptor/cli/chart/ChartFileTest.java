package ai.preceptor.cli.chart;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Look;
import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.chart.Curve.Spread;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ChartFileTest {
    private static final List<Point> RISING = List.of(new Point(0, 1, 0.5, 1.5), new Point(1, 2, 1.5, 2.5));

    @TempDir
    Path directory;

    @Test
    void render_lines_areADocumentOfItsOwn() throws Exception {
        Line gold = new Line("gold", RISING, Spread.BAND);
        Line proxy = new Line("proxy", List.of(new Point(0, 1), new Point(1, 3)), Spread.BAND);
        Document svg = parse(curve("objective/kl", "rewards/*/mean", List.of(gold, proxy), "Bands are deviations."));
        Element root = svg.getDocumentElement();
        assertThat(root.getNamespaceURI()).isEqualTo("http://www.w3.org/2000/svg");
        assertThat(root.getAttribute("viewBox"))
                .isEqualTo("0 0 " + root.getAttribute("width") + " " + root.getAttribute("height"));
        assertThat(texts(svg, "title")).startsWith("Gold and proxy");
        assertThat(texts(svg, "desc"))
                .containsExactly("rewards/*/mean over objective/kl. gold, proxy. Bands are deviations.");
        assertThat(texts(svg, "text"))
                .contains("Gold and proxy", "objective/kl", "rewards/*/mean", "gold", "proxy", "Bands are deviations.");
        assertThat(elements(svg, "polyline")).hasSize(2);
        assertThat(elements(svg, "polygon")).as("one seed has no band").hasSize(1);
        assertThat(elements(svg, "rect").get(0).getAttribute("width")).isEqualTo("100%");
    }

    /** A browser loads nothing for it, and no text is smaller than 11 pixels. */
    @Test
    void render_file_needsNothingElse() {
        String svg = render(curve("step", "y", List.of(new Line("a", RISING)), ""));
        assertThat(svg.replace("xmlns=\"http://www.w3.org/2000/svg\"", ""))
                .doesNotContain("<script", "href", "url(", "@import", "http:", "https:", "var(");
        Matcher sizes = Pattern.compile("font-size: (\\d+)px").matcher(svg);
        List<Integer> found = new ArrayList<>();
        while (sizes.find()) {
            found.add(Integer.parseInt(sizes.group(1)));
        }
        assertThat(found).isNotEmpty().allMatch(size -> size >= 11);
        assertThat(svg).contains("text { font-family: sans-serif; fill: #1c2024; font-size: 13px; }");
    }

    @Test
    void render_hostileNames_stayTexts() throws Exception {
        String hostile = "<script>alert(\"1\")</script> & 'x' \u0000 ]]>";
        Document svg = parse(new Curve(hostile, hostile, hostile, List.of(new Line(hostile + 1, RISING))));
        assertThat(elements(svg, "script")).isEmpty();
        assertThat(texts(svg, "text")).contains("<script>alert(\"1\")</script> & 'x' \ufffd ]]>1");
    }

    @Test
    void render_whatIsNoNumber_isLeftOut() throws Exception {
        List<Point> points = List.of(
                new Point(0, 1),
                new Point(1, Double.NaN),
                new Point(Double.POSITIVE_INFINITY, 1),
                new Point(2, 1, Double.NaN, 2),
                new Point(3, 2));
        Document svg = parse(curve("step", "y", List.of(new Line("a", points)), ""));
        assertThat(elements(svg, "polyline").get(0).getAttribute("points").split(" "))
                .hasSize(2);
        assertThat(render(curve("step", "y", List.of(new Line("a", points)), "")))
                .doesNotContain("NaN", "Infinity");
        assertThat(elements(parse(curve("step", "y", List.of(), "")), "polyline"))
                .isEmpty();
    }

    /** The second of two rows is below the first; its point has its interval along the horizontal axis. */
    @Test
    void render_rows_areNamesOnTheVerticalAxis() throws Exception {
        Line rates =
                new Line("Win rates", List.of(new Point(0.5, 0, 0, 0, 0.4, 0.6), new Point(0.75, 1, 1, 1, 0.75, 0.75)));
        Document svg = parse(new Curve("Win rates", "win_rate", "", List.of(rates), List.of("dpo", "rloo & co"), ""));
        assertThat(texts(svg, "text")).contains("dpo", "rloo & co", "win_rate");
        assertThat(elements(svg, "polyline")).as("rows are not joined").isEmpty();
        List<Element> whiskers = elements(svg, "line").stream()
                .filter(line -> line.getAttribute("class").equals("whisker"))
                .toList();
        assertThat(whiskers).hasSize(1);
        assertThat(whiskers.get(0).getAttribute("y1")).isEqualTo(whiskers.get(0).getAttribute("y2"));
        double low = Double.parseDouble(whiskers.get(0).getAttribute("x1"));
        assertThat(Double.parseDouble(whiskers.get(0).getAttribute("x2"))).isGreaterThan(low);
        List<String> marks = elements(svg, "path").stream()
                .map(path -> path.getAttribute("d").split("[M m]")[2])
                .toList();
        assertThat(Double.parseDouble(marks.get(0))).isLessThan(Double.parseDouble(marks.get(1)));
        assertThat(texts(svg, "title")).contains("dpo: 0.5000", "rloo & co: 0.7500");
    }

    @Test
    void render_looks_haveColourAndDashes() {
        Line solid = new Line("a: gold", RISING, Spread.BAND, new Look(1, 0));
        Line dashed = new Line("a: proxy", RISING, Spread.BAND, new Look(1, 1));
        assertThat(render(curve("step", "y", List.of(solid, dashed), "")))
                .contains("class=\"c1\"", "class=\"c1 dashed\"")
                .doesNotContain("class=\"c0");
    }

    /** Sixteen runs with two metrics each: 8 colours by 4 kinds of dashes, none of them twice. */
    @Test
    void look_ofRunsAndMetrics_isUsedOnce() {
        Set<Look> looks = new HashSet<>();
        for (int run = 0; run < 16; run++) {
            for (int metric = 0; metric < 2; metric++) {
                looks.add(Look.of(run, metric, 2));
            }
        }
        assertThat(looks).hasSize(32).allMatch(look -> look.colour() < 8 && look.dash() < 4);
        Line line = new Line("a", RISING, Spread.BAND, Look.of(8, 1, 2));
        assertThat(render(curve("step", "y", List.of(line), ""))).contains("class=\"c0 dash-dotted\"");
    }

    /** All names are inside of the picture: a line of the legend is as high as 22 units. */
    @Test
    void render_longLegend_isWrapped() throws Exception {
        List<Line> lines = IntStream.range(0, 12)
                .mapToObj(i -> new Line("a run with a name of its own, number " + i, RISING))
                .toList();
        Element few = parse(curve("step", "y", lines.subList(0, 2), "")).getDocumentElement();
        Element many = parse(curve("step", "y", lines, "")).getDocumentElement();
        int more = Integer.parseInt(many.getAttribute("height")) - Integer.parseInt(few.getAttribute("height"));
        assertThat(more).isPositive().isEqualTo(22 * (more / 22));
        int height = Integer.parseInt(many.getAttribute("height"));
        for (Element group : elements(many.getOwnerDocument(), "g")) {
            Matcher place = Pattern.compile("translate\\(([0-9.]+) (\\d+)\\)").matcher(group.getAttribute("transform"));
            if (place.matches()) {
                assertThat(Double.parseDouble(place.group(1))).isBetween(0.0, 680.0);
                assertThat(Integer.parseInt(place.group(2)) + 14).isLessThan(height);
            }
        }
    }

    @Test
    void isOne_onlyOfWhatItWrote() throws Exception {
        Path own = directory.resolve("own.svg");
        new ChartFile(curve("step", "y", List.of(new Line("a", RISING)), "")).write(own);
        assertThat(ChartFile.isOne(own)).isTrue();
        assertThat(ChartFile.isOne(Files.writeString(directory.resolve("other.svg"), "<svg/>")))
                .isFalse();
        assertThat(ChartFile.isOne(Files.write(directory.resolve("empty.svg"), new byte[0])))
                .isFalse();
    }

    private static Curve curve(String x, String y, List<Line> lines, String note) {
        return new Curve("Gold and proxy", x, y, lines, List.of(), note);
    }

    private static String render(Curve curve) {
        return new ChartFile(curve).render();
    }

    private static Document parse(Curve curve) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(render(curve))));
    }

    private static List<Element> elements(Document svg, String name) {
        NodeList nodes = svg.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    private static List<String> texts(Document svg, String name) {
        return elements(svg, name).stream().map(Element::getTextContent).toList();
    }
}
