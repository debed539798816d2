package ai.preceptor.cli.compare;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Look;
import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.chart.Curve.Spread;
import ai.preceptor.cli.report.MethodRows;
import ai.preceptor.cli.report.RewardOverKl;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Charts of what evaluations measured: each figure over the divergence, and by method. A figure is what the rows of
 * {@code summary.json} have an interval for, such as {@code win_rate} and {@code reward}.
 *
 * @param groups evaluations of one command
 */
record ResultCharts(List<Evaluated> groups) {
    private static final String NAME = "results-";

    /** Copies the list. */
    ResultCharts {
        groups = groups.stream().filter(group -> !group.rows().isEmpty()).toList();
    }

    /** Names of the figures, in the order of the first rows that have them. */
    Set<String> figures() {
        Set<String> figures = new LinkedHashSet<>();
        groups.forEach(group -> group.rows().forEach(method -> figures.addAll(method.figures())));
        return figures;
    }

    List<NamedChart> charts() {
        List<NamedChart> charts = new ArrayList<>();
        for (String figure : figures()) {
            String name = NAME + NamedChart.part(figure);
            charts.add(new NamedChart(name, List.of(figure), byMethod(figure)));
            List<Line> points = overKl(figure);
            if (!points.isEmpty()) {
                Curve curve = new Curve(
                        figure + " over KL to the reference, by method",
                        RewardOverKl.KL_LABEL,
                        figure,
                        points,
                        List.of(),
                        MethodRows.OVER_KL_NOTE);
                charts.add(new NamedChart(name + "-over-kl", List.of(figure), curve));
            }
        }
        return charts;
    }

    private List<Line> overKl(String figure) {
        List<Line> lines = new ArrayList<>();
        int place = 0;
        for (Evaluated group : groups) {
            for (MethodRows method : group.rows()) {
                // A method looks the same in the charts of all figures.
                Look look = Look.of(place++, 0, 1);
                List<Point> points = List.of(method.overKl(figure));
                Line line = new Line(name(group, method), points, Spread.WHISKERS, look);
                if (!line.points().isEmpty()) {
                    lines.add(line);
                }
            }
        }
        return lines;
    }

    /** The method, and where several groups have one of that name, which of them. */
    private String name(Evaluated group, MethodRows method) {
        long same = groups.stream()
                .flatMap(each -> each.rows().stream())
                .filter(each -> each.method().equals(method.method()))
                .count();
        return same == 1 ? method.method() : group.group().label() + ": " + method.method();
    }

    private Curve byMethod(String figure) {
        List<String> rows = groups.stream()
                .flatMap(group -> group.rows().stream())
                .filter(method -> method.seeds(figure) > 0)
                .map(MethodRows::method)
                .distinct()
                .toList();
        int[] all = new int[rows.size()];
        int[] drawn = new int[rows.size()];
        groups.forEach(group -> group.rows().forEach(method -> {
            if (method.seeds(figure) > 0) {
                all[rows.indexOf(method.method())] += method.seeds(figure);
            }
        }));
        String title = figure + " by method";
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            List<Point> points = new ArrayList<>();
            for (MethodRows method : groups.get(i).rows()) {
                int row = rows.indexOf(method.method());
                if (row >= 0) {
                    points.addAll(method.bySeed(figure, row, drawn[row], all[row]));
                    drawn[row] += method.seeds(figure);
                }
            }
            if (!points.isEmpty()) {
                String name = groups.size() == 1 ? title : groups.get(i).group().label();
                lines.add(new Line(name, points, Spread.WHISKERS, Look.of(i, 0, 1)));
            }
        }
        return new Curve(title, figure, "", lines, rows, MethodRows.BY_SEED_NOTE);
    }
}
