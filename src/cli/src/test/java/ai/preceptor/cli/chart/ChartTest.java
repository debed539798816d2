package ai.preceptor.cli.chart;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.chart.Curve.Spread;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChartTest {
    private static final Pattern TICK = Pattern.compile(
            "<text class=\"tick\" x=\"(\\d+)\" y=\"[0-9.]+\" dy=\"0.35em\" text-anchor=\"end\">([^<]+)</text>");

    /** A label of eight characters ends where the axis begins, and begins to the right of the axis' name. */
    @Test
    void draw_longLabels_standClearOfTheAxisName() {
        String svg = draw(new Line("loss", List.of(new Point(1, -1.5e-9), new Point(2, 1.5e-9))));
        Matcher name =
                Pattern.compile("translate\\((\\d+) \\d+\\) rotate\\(-90\\)").matcher(svg);
        assertThat(name.find()).isTrue();
        int clear = Integer.parseInt(name.group(1)) + 5; // what hangs below a baseline
        Matcher tick = TICK.matcher(svg);
        int labels = 0;
        while (tick.find()) {
            int begins = Integer.parseInt(tick.group(1)) - 8 * tick.group(2).length();
            assertThat(begins).as(tick.group(2)).isGreaterThan(clear);
            labels++;
        }
        assertThat(labels).isGreaterThan(3);
        assertThat(svg).contains(">-2.0e-09<", ">0<");
    }

    /** A KL begins at 0, give or take its rounding. */
    @Test
    void draw_roundedZero_isNoReasonForTicksBelow() {
        Point small = new Point(2, 0.5);
        assertThat(draw(new Line("kl", List.of(new Point(1, -6e-7), small)))).doesNotContain(">-");
        assertThat(draw(new Line("kl", List.of(new Point(1, -0.01), small)))).contains(">-");
    }

    /** Its outline goes along the upper ends, 2 and 4, and back along the lower ones, 3 and 0. */
    @Test
    void draw_band_isOneAreaInsteadOfWhiskers() {
        List<Point> points = List.of(new Point(0, 1, 0, 2), new Point(1, 3.5, 3, 4));
        String svg = draw(new Line("reward", points, Spread.BAND));
        assertThat(svg).doesNotContain("whisker");
        Matcher area =
                Pattern.compile("<polygon class=\"band\" points=\"([^\"]+)\"").matcher(svg);
        assertThat(area.find()).isTrue();
        String[] places = area.group(1).split(" ");
        assertThat(places).hasSize(4);
        assertThat(places[0].split(",")[0]).isEqualTo(places[3].split(",")[0]);
        assertThat(Double.parseDouble(places[3].split(",")[1])
                        - Double.parseDouble(places[0].split(",")[1]))
                .as("2 of the 4 units that are 238 high")
                .isBetween(118.9, 119.1);
        assertThat(draw(new Line("reward", points))).contains("whisker").doesNotContain("band");
    }

    /** From 0 to 2 and back to 1: an area would cover itself. */
    @Test
    void draw_bandOfALineThatTurnsBack_isWhiskers() {
        List<Point> points = List.of(new Point(0, 1, 0, 2), new Point(2, 3, 2, 4), new Point(1, 3, 2, 4));
        assertThat(draw(new Line("reward", points, Spread.BAND)))
                .contains("whisker")
                .doesNotContain("band");
    }

    /** Of nine lines with a point each, the ninth has the first one's colour but not its mark. */
    @Test
    void draw_moreLinesThanColours_haveOtherMarks() {
        List<Line> lines = IntStream.range(0, 9)
                .mapToObj(i -> new Line("method " + i, List.of(new Point(0, 0))))
                .toList();
        Html html = new Html();
        new Chart(new Curve("t", "x", "y", lines)).draw(html);
        Matcher marks = Pattern.compile("<g class=\"([^\"]+)\"><path d=\"M[0-9.]+ [0-9.]+([^\"]+)\"")
                .matcher(html.finish());
        Set<String> looks = new HashSet<>();
        while (marks.find()) {
            looks.add(marks.group(1).substring(0, 2) + marks.group(2));
        }
        assertThat(looks).hasSize(9);
    }

    @Test
    void draw_moreLinesThanColours_areDashed() {
        List<Line> lines = IntStream.range(0, 9)
                .mapToObj(i -> new Line("run " + i, List.of(new Point(0, i), new Point(1, i))))
                .toList();
        Html html = new Html();
        new Chart(new Curve("t", "step", "completions/mean_terminated_length", lines)).draw(html);
        assertThat(html.finish())
                .contains("class=\"c0 dashed\"")
                .contains(">mean_terminated_length</text>")
                .doesNotContain("c8");
    }

    private static String draw(Line line) {
        Html html = new Html();
        new Chart(new Curve("title", "step", "y", List.of(line))).draw(html);
        return html.finish();
    }
}
