package ai.preceptor.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.report.MethodResult.WinRate;
import ai.preceptor.cli.report.SampleRow.MethodAnswer;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.rows.ReadReport;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportPageTest {
    private static final String HOSTILE = "<script>alert(\"1\")</script> & 'quoted' \u0000\u001b[31m\ud800";

    @TempDir
    Path directory;

    @Test
    void render_fullModel_isWellFormedAndSaysEverything() throws Exception {
        Document page = parse(new ReportPage(model("quiet")).render());
        String text = page.getDocumentElement().getTextContent();
        assertThat(text)
                .contains("policy", "84.0 %", "76.5 to 89.9", "0.412", "12 rows read, 9 kept, 3 tie")
                .contains("pairs.jsonl:17: no answer", "beta: 0.1", "reward model", "quiet");
        assertThat(page.getElementsByTagName("svg").getLength())
                .as("two charts and their keys")
                .isEqualTo(2 + 2 + 1);
        assertThat(page.getElementsByTagName("polyline").getLength()).isEqualTo(2);
    }

    @Test
    void render_hostileTexts_stayTexts() throws Exception {
        String html = new ReportPage(model(HOSTILE)).render();
        Document page = parse(html);
        assertThat(page.getElementsByTagName("script").getLength()).isZero();
        assertThat(page.getDocumentElement().getTextContent())
                .contains("<script>alert(\"1\")</script> & 'quoted' \ufffd\ufffd[31m\ufffd");
        assertThat(html).doesNotContain("<script");
    }

    @Test
    void render_page_loadsNothing() {
        String html = new ReportPage(model("x")).render();
        assertThat(html).doesNotContain("src=", "href=", "url(", "@import", "http:", "https:");
    }

    @Test
    void render_emptyChapters_areLeftOut() throws Exception {
        Curve nothing = new Curve("frontier", "KL", "reward", List.of());
        List<Chapter> chapters = List.of(MethodResult.chapter(List.of()), Chapter.of("frontier", List.of(nothing)));
        ReportModel empty = new ReportModel("t", "s", chapters, List.of(), List.of(), List.of(), "");
        Document page = parse(new ReportPage(empty).render());
        assertThat(page.getElementsByTagName("h2").getLength()).isZero();
    }

    @Test
    void write_whereNothingCanBe_saysWhere() throws IOException {
        Path file = Files.createFile(directory.resolve("file")).resolve("report.html");
        assertThatThrownBy(() -> new ReportPage(model("x")).write(file))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining(file.toString());
    }

    /** In place it would be neither while it is written, and stay so if the disk is full. */
    @Test
    void write_overAnEarlierPage_replacesTheFile() throws IOException {
        Path file = directory.resolve("report.html");
        new ReportPage(model("first")).write(file);
        String first = Files.readString(file);
        Path earlier = Files.createLink(directory.resolve("earlier.html"), file);
        new ReportPage(model("second")).write(file);
        assertThat(file).content().contains("second").isNotEqualTo(first);
        assertThat(earlier).as("was not written over").hasContent(first);
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("report.html", "earlier.html");
    }

    @Test
    void line_pointsThatAreNotFinite_areLeftOut() {
        Line line = new Line(
                "a", List.of(new Point(0, Double.NaN), new Point(1, 2), new Point(Double.NEGATIVE_INFINITY, 1)));
        assertThat(line.points()).containsExactly(new Point(1, 2));
    }

    @Test
    void render_pointsWithIntervals_haveWhiskersInThePicture() throws Exception {
        Line line = new Line("dpo", List.of(new Point(1, 0.7, 0.6, 0.8), new Point(2, 0.75)));
        Curve curve = new Curve("Win rate by round", "round", "win rate", List.of(line));
        List<Chapter> chapters = List.of(Chapter.of("Rounds", List.of(curve)));
        String html = new ReportPage(new ReportModel("t", "s", chapters, List.of(), List.of(), List.of(), "")).render();
        Document page = parse(html);
        assertThat(html).containsOnlyOnce("class=\"whisker\"");
        List<String> ticks = new ArrayList<>();
        for (int i = 0; i < page.getElementsByTagName("text").getLength(); i++) {
            ticks.add(page.getElementsByTagName("text").item(i).getTextContent());
        }
        assertThat(ticks)
                .as("both ends of the interval are inside; there is no round 1.5")
                .contains("0.60", "0.80", "1", "2")
                .doesNotContain("1.5");
    }

    /** With {@code word} in every place that data can reach. */
    static ReportModel model(String word) {
        Line start = new Line("start " + word, List.of(new Point(0, 0.1)));
        Line policy = new Line("policy", List.of(new Point(0, 0.1), new Point(0.8, 0.412)));
        Line loss = new Line(word, List.of(new Point(1, 0.69), new Point(2, 0.52)));
        Chapter results = MethodResult.chapter(List.of(
                new MethodResult("start " + word, null, null, figures(0.1, 0.0)),
                new MethodResult("policy", new WinRate(0.84, 0.765, 0.899), 0.25, figures(0.412, 0.8))));
        Curve frontier =
                new Curve("Reward over KL " + word, "KL (nats) " + word, "reward " + word, List.of(start, policy));
        return new ReportModel(
                "Quickstart " + word,
                "A student learns " + word,
                List.of(
                        results,
                        Chapter.of("Reward over KL", List.of(frontier)),
                        Chapter.of("Curves " + word, List.of(new Curve("Loss", "step", "loss", List.of(loss))))),
                List.of(new SampleRow("Why? " + word, List.of(new MethodAnswer("start " + word, "No. " + word)))),
                List.of(new StageRow("reward " + word, "reward model on 300 pairs " + word, 12.34)),
                List.of(new DataRow(
                        "pairs.jsonl " + word,
                        new ReadReport(12, 9, Map.of("tie", 3), List.of("pairs.jsonl:17: no answer " + word)))),
                "beta: 0.1 " + word);
    }

    private static Document parse(String html) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        String xml = html.replace("<!doctype html>", "");
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    private static Map<String, Figure> figures(double reward, double kl) {
        return Map.of("reward", new Figure(reward, null, ""), "kl_to_reference", new Figure(kl, null, ""));
    }
}
