package ai.preceptor.cli.compare;

import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.report.SeedCurve;
import ai.preceptor.cli.report.SeedStatistics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Runs that differ in nothing but their seed.
 *
 * @param label in tables and legends
 * @param runs at least one, each with another seed
 */
record RunGroup(String label, List<ComparedRun> runs) {
    /** Copies the list. */
    RunGroup {
        runs = List.copyOf(runs);
    }

    /**
     * Groups runs, in the order of each one's first. Of runs that have the seed in common too, each is in a group of its
     * own, because it repeats another and is no independent draw.
     */
    static List<RunGroup> of(List<ComparedRun> runs) {
        Map<List<Object>, List<ComparedRun>> groups = new LinkedHashMap<>();
        Map<List<Object>, Integer> repeats = new HashMap<>();
        for (ComparedRun run : runs) {
            Map<String, String> identity = run.identity();
            int repeat = repeats.merge(List.of(run.command(), identity, run.seed()), 1, Integer::sum);
            groups.computeIfAbsent(List.of(run.command(), identity, repeat), key -> new ArrayList<>())
                    .add(run);
        }
        Labels labels = Labels.among(runs.stream().map(ComparedRun::directory).toList());
        return groups.values().stream()
                .map(group -> new RunGroup(
                        labels.of(group.stream().map(ComparedRun::directory).toList()), group))
                .toList();
    }

    String command() {
        return runs.get(0).command();
    }

    int n() {
        return runs.size();
    }

    /** What all its runs have in common, with all their seeds. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>(runs.get(0).settings());
        String seeds = runs.stream()
                .map(ComparedRun::seed)
                .filter(seed -> !seed.isEmpty())
                .collect(Collectors.joining(", "));
        if (!seeds.isEmpty()) {
            settings.put(ComparedRun.SEED, seeds);
        }
        return settings;
    }

    Set<String> metrics() {
        Set<String> metrics = new LinkedHashSet<>();
        runs.forEach(run -> metrics.addAll(run.columns().keySet()));
        return metrics;
    }

    /** Steps that all have done. */
    long steps() {
        return runs.stream().mapToLong(ComparedRun::steps).min().orElse(0);
    }

    /** How many have come to their end. */
    long finished() {
        return runs.stream().filter(ComparedRun::isFinished).count();
    }

    /** A figure of the runs that have the metric, as far as all runs of the group have come. */
    SeedStatistics statistics(String metric, ToDoubleFunction<List<Point>> figure) {
        long common = steps();
        return SeedStatistics.of(runs.stream()
                .map(run -> run.columns().getOrDefault(metric, List.of()).stream()
                        .filter(point -> point.x() <= common)
                        .toList())
                .filter(points -> !points.isEmpty())
                .map(figure::applyAsDouble)
                .toList());
    }

    /** Step by step the mean of all runs, with one standard deviation to either side, as far as all of them have come. */
    List<Point> curve(String metric) {
        return SeedCurve.of(runs.stream()
                .map(run -> run.columns().getOrDefault(metric, List.of()))
                .toList());
    }
}
