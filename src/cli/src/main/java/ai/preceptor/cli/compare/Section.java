package ai.preceptor.cli.compare;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.chart.Curve.Spread;
import ai.preceptor.cli.report.Chapter;
import ai.preceptor.cli.report.NotDrawn;
import ai.preceptor.cli.report.RewardOverKl;
import ai.preceptor.cli.report.SeedCurve;
import ai.preceptor.cli.report.SeedStatistics;
import ai.preceptor.train.experiment.Headline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * The runs of one command beside each other; metrics of different commands are not comparable.
 *
 * @param command which
 * @param groups at least one
 * @param chosen metrics of the table; empty for those that tell most
 */
record Section(String command, List<RunGroup> groups, List<String> chosen) {
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

    /** Copies the lists. */
    Section {
        groups = List.copyOf(groups);
        chosen = List.copyOf(chosen);
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
        return chosen.isEmpty()
                ? Headline.among(command, metrics(), MOST_METRICS)
                : chosen.stream()
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

    /** Reward over KL, and every metric over the steps. */
    Chapter curves() {
        List<Curve> curves = new ArrayList<>();
        List<Line> ways = new ArrayList<>();
        groups.forEach(group -> ways.add(new Line(
                group.label(), RewardOverKl.way(group.curve(RewardOverKl.REWARD), group.curve(RewardOverKl.KL)))));
        ways.removeIf(line -> line.points().isEmpty());
        if (!ways.isEmpty()) {
            curves.add(RewardOverKl.curve(ways));
        }
        Map<String, Headline> order = new LinkedHashMap<>();
        headlines().forEach(headline -> order.put(headline.name(), headline));
        metrics().forEach(metric -> order.putIfAbsent(metric, Headline.named(metric)));
        NotDrawn notDrawn = new NotDrawn();
        for (String metric : order.keySet()) {
            List<Line> lines = groups.stream()
                    .map(group -> new Line(name(group), group.curve(metric), Spread.BAND))
                    .filter(line -> !line.points().isEmpty())
                    .toList();
            List<Point> all =
                    lines.stream().flatMap(line -> line.points().stream()).toList();
            if (!notDrawn.isConstant(metric, all)) {
                curves.add(new Curve(metric, "step", metric, lines));
            }
        }
        String bands = groups.stream().anyMatch(group -> group.n() > 1) ? SeedCurve.NOTE : "";
        return new Chapter(command + ": curves", curves, List.of(), List.of(), (bands + " " + notDrawn.note()).strip());
    }

    private static String name(RunGroup group) {
        return group.n() == 1 ? group.label() : group.label() + " (" + group.n() + " seeds)";
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
