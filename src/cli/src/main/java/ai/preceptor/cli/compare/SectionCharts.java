package ai.preceptor.cli.compare;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Look;
import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.chart.Curve.Spread;
import ai.preceptor.cli.report.NotDrawn;
import ai.preceptor.cli.report.RewardOverKl;
import ai.preceptor.cli.report.SeedCurve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Curves of the runs of one command: reward over KL, and metrics over the steps or over another metric. */
final class SectionCharts {
    private static final String OVER = "-over-";

    private final List<RunGroup> groups;
    private final Chosen chosen;
    private final NotDrawn notDrawn = new NotDrawn();
    private final List<NamedChart> charts = new ArrayList<>();

    /**
     * Of these runs.
     *
     * @param groups of one command
     * @param metrics each has a chart, in this order
     * @param chosen which have one together, and over what
     */
    SectionCharts(List<RunGroup> groups, Set<String> metrics, Chosen chosen) {
        this.groups = groups;
        this.chosen = chosen;
        rewardOverKl();
        chosen.joined().forEach(this::add);
        metrics.forEach(metric -> add(List.of(metric)));
    }

    /** All of them, those of several metrics first. */
    List<NamedChart> charts() {
        return charts;
    }

    /** What the bands are, and what has no chart. */
    String note() {
        return (note(chosen) + " " + notDrawn.note()).strip();
    }

    private boolean bySeeds() {
        return groups.stream().anyMatch(group -> group.n() > 1);
    }

    private String note(Chosen of) {
        String bands = bySeeds() ? SeedCurve.NOTE : "";
        String turns = bySeeds() && !of.x().isSteps() ? " A line that turns back has vertical lines instead." : "";
        Integer window = of.means().steps();
        String points = window == null
                ? " A point is the mean of a window of a twelfth of the steps, on both axes."
                : window > 1 ? " A point is the mean of a window of " + window + " steps, on both axes." : "";
        return (bands + turns + points).strip();
    }

    private void rewardOverKl() {
        Chosen way = new Chosen(List.of(), new XAxis(RewardOverKl.KL, false), null);
        List<Line> lines = lines(List.of(RewardOverKl.REWARD), way);
        if (!lines.isEmpty()) {
            Curve curve = RewardOverKl.curve(lines);
            charts.add(new NamedChart(
                    "reward-over-kl",
                    List.of(),
                    new Curve(curve.title(), curve.xLabel(), curve.yLabel(), lines, List.of(), note(way))));
        }
    }

    private void add(List<String> metrics) {
        if (metrics.contains(chosen.x().metric())) {
            return;
        }
        List<Line> lines = lines(metrics, chosen);
        List<Point> all = lines.stream().flatMap(line -> line.points().stream()).toList();
        boolean asked = chosen.charts().contains(metrics);
        if (lines.isEmpty() || (!asked && notDrawn.isConstant(metrics.get(0), all))) {
            return;
        }
        String title = String.join(", ", metrics);
        String name = NamedChart.part(String.join("-and-", metrics));
        XAxis x = chosen.x();
        charts.add(new NamedChart(
                x.isSteps() ? name : name + OVER + x.fileName(),
                metrics,
                new Curve(
                        x.isSteps() ? title : title + " over " + x.label(),
                        x.label(),
                        common(metrics),
                        lines,
                        List.of(),
                        note(chosen))));
    }

    /** A line for every group and metric: groups differ by colour, metrics of a group by dashes. */
    private List<Line> lines(List<String> metrics, Chosen how) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            RunGroup group = groups.get(i);
            for (int j = 0; j < metrics.size(); j++) {
                List<Point> points = group.curve(metrics.get(j), how);
                if (!points.isEmpty()) {
                    Look look = groups.size() == 1 ? Look.of(j, j, 1) : Look.of(i, j, metrics.size());
                    lines.add(new Line(name(group, metrics, j), points, Spread.BAND, look));
                }
            }
        }
        return lines;
    }

    private String name(RunGroup group, List<String> metrics, int index) {
        String seeds = group.n() == 1 ? "" : " (" + group.n() + " seeds)";
        if (metrics.size() == 1) {
            return group.label() + seeds;
        }
        return (groups.size() == 1 ? "" : group.label() + ": ") + metrics.get(index) + seeds;
    }

    /** What names of several metrics have in common, with a star for what differs; all names if they are not alike. */
    static String common(List<String> metrics) {
        List<String[]> names =
                metrics.stream().map(metric -> metric.split("/", -1)).toList();
        String[] common = names.get(0).clone();
        for (String[] name : names) {
            if (name.length != common.length) {
                return String.join(", ", metrics);
            }
            for (int i = 0; i < common.length; i++) {
                common[i] = name[i].equals(common[i]) ? common[i] : "*";
            }
        }
        boolean nothing = Stream.of(common).allMatch("*"::equals);
        return nothing ? String.join(", ", metrics) : String.join("/", Arrays.asList(common));
    }

    /** Charts that were asked for by these and are not there, because no step has all that they need. */
    static List<String> missing(Chosen chosen, List<NamedChart> charts) {
        Set<List<String>> drawn = new LinkedHashSet<>();
        charts.forEach(chart -> drawn.add(chart.metrics()));
        return chosen.charts().stream()
                .filter(names -> !drawn.contains(names))
                .map(names -> String.join("+", names))
                .toList();
    }
}
