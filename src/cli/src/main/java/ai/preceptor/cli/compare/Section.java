package ai.preceptor.cli.compare;

import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.report.Chapter;
import ai.preceptor.cli.report.SeedStatistics;
import ai.preceptor.train.experiment.Headline;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * The runs of one command beside each other; metrics of different commands are not comparable.
 *
 * @param command which
 * @param groups at least one
 * @param chosen what to show of them
 */
record Section(String command, List<RunGroup> groups, Chosen chosen) {
    static final String NOTE =
            "Last, best and mean are over the steps that metrics.jsonl has, of several seeds over those that all have"
                    + " come to; best is the highest or the"
                    + " lowest, whichever is better, of a single step. " + SeedStatistics.NOTE;

    private static final String NOTHING = "-";
    /** Of runs, beside each other on a page. */
    private static final int MOST_COLUMNS = 6;
    /** A table has so many metrics, if none are chosen. */
    private static final int MOST_METRICS = 4;
    /** Longer values of settings are cut in a terminal. */
    private static final int LONGEST = 28;

    /** Copies the list. */
    Section {
        groups = List.copyOf(groups);
    }

    /** Keys that not all groups have alike; the seed only where it is not all that tells the runs of a group apart. */
    List<String> differing() {
        Set<String> keys = new LinkedHashSet<>();
        groups.forEach(group -> keys.addAll(group.settings().keySet()));
        keys.removeIf(key -> groups.stream()
                        .map(group -> group.settings().getOrDefault(key, ""))
                        .distinct()
                        .count()
                < 2);
        return List.copyOf(keys);
    }

    /** Metrics of some run, in the order of the first that has them. */
    Set<String> metrics() {
        Set<String> metrics = new LinkedHashSet<>();
        groups.forEach(group -> metrics.addAll(group.metrics()));
        return metrics;
    }

    private List<Headline> headlines() {
        return chosen.charts().isEmpty()
                ? Headline.among(command, metrics(), MOST_METRICS)
                : chosen.metrics().stream()
                        .filter(metrics()::contains)
                        .map(Headline::named)
                        .toList();
    }

    List<String> header(List<String> keys) {
        List<String> header = new ArrayList<>(List.of("metric", "run"));
        header.addAll(keys);
        header.addAll(List.of("n", "steps", "last", "best", "mean"));
        return header;
    }

    /** A row for every metric and group, the groups of a metric below each other. */
    List<List<String>> rows(List<String> keys) {
        List<List<String>> rows = new ArrayList<>();
        for (Headline headline : headlines()) {
            for (RunGroup group : groups) {
                if (group.metrics().contains(headline.name())) {
                    rows.add(row(headline, group, keys));
                }
            }
        }
        return rows;
    }

    private static List<String> row(Headline headline, RunGroup group, List<String> keys) {
        String metric = headline.name();
        List<String> row = new ArrayList<>(List.of(metric, group.label()));
        keys.forEach(key -> row.add(setting(group, key)));
        row.add(Integer.toString(group.n()));
        row.add(Long.toString(group.steps()));
        row.add(text(
                group.statistics(metric, points -> points.get(points.size() - 1).y())));
        row.add(text(group.statistics(metric, points -> best(headline, points))));
        row.add(text(group.statistics(metric, Section::mean)));
        return row;
    }

    private static String setting(RunGroup group, String key) {
        String value = Decimals.setting(group.settings().getOrDefault(key, ""));
        if (value.isEmpty()) {
            return NOTHING;
        }
        return value.length() <= LONGEST ? value : "…" + value.substring(value.length() - LONGEST + 1);
    }

    private static String text(SeedStatistics all) {
        return all.text(Decimals.pattern(all.mean()));
    }

    private static double best(Headline headline, List<Point> points) {
        DoubleStream values = points.stream().mapToDouble(Point::y).filter(Double::isFinite);
        return switch (headline.better()) {
            case HIGHER -> values.max().orElse(Double.NaN);
            case LOWER -> values.min().orElse(Double.NaN);
            case NEITHER -> Double.NaN;
        };
    }

    private static double mean(List<Point> points) {
        return points.stream().mapToDouble(Point::y).average().orElse(Double.NaN);
    }

    Chapter runs() {
        List<List<String>> rows = new ArrayList<>();
        for (RunGroup group : groups) {
            rows.add(List.of(
                    group.label(),
                    String.join(
                            ", ",
                            group.runs().stream()
                                    .map(run -> run.directory().toString())
                                    .toList()),
                    Integer.toString(group.n()),
                    Long.toString(group.finished()),
                    Long.toString(group.steps())));
        }
        return new Chapter(
                command + ": runs",
                List.of(),
                List.of("run", "directories", "n", "finished", "steps"),
                rows,
                differing().isEmpty() ? "No setting differs." : "");
    }

    /** What the settings are that differ: a row each, or, of many runs, a row a run. */
    Chapter settings() {
        List<String> keys = differing();
        List<String> labels = groups.stream().map(RunGroup::label).toList();
        boolean many = groups.size() > MOST_COLUMNS;
        List<String> header = new ArrayList<>(List.of(many ? "run" : "setting"));
        header.addAll(many ? keys : labels);
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < (many ? labels : keys).size(); i++) {
            List<String> row = new ArrayList<>(List.of((many ? labels : keys).get(i)));
            for (int j = 0; j < header.size() - 1; j++) {
                RunGroup group = groups.get(many ? i : j);
                row.add(Decimals.setting(group.settings().getOrDefault(keys.get(many ? j : i), NOTHING)));
            }
            rows.add(row);
        }
        return new Chapter(command + ": settings that differ", List.of(), header, rows, "");
    }

    Chapter figures() {
        return new Chapter(command + ": metrics", List.of(), header(List.of()), rows(List.of()), NOTE);
    }

    /** Reward over KL, and every metric, those of the table first. */
    SectionCharts curves() {
        Set<String> order = new LinkedHashSet<>();
        headlines().forEach(headline -> order.add(headline.name()));
        order.addAll(metrics());
        return new SectionCharts(groups, order, chosen);
    }

    ResultCharts results() {
        return new ResultCharts(evaluated());
    }

    /** Of all charts those that files are written of. */
    List<NamedChart> charts() {
        return Stream.concat(curves().charts().stream(), results().charts().stream())
                .filter(chart -> chosen.has(chart.metrics()))
                .toList();
    }

    /** What those groups have learnt of evaluations: of a reward model its accuracy, of students their results. */
    List<Evaluated> evaluated() {
        List<Evaluated> evaluated = new ArrayList<>();
        for (RunGroup group : groups) {
            Evaluated of = Evaluated.of(group);
            if (of != null) {
                evaluated.add(of);
            }
        }
        return evaluated;
    }
}
