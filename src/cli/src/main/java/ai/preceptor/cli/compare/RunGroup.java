package ai.preceptor.cli.compare;

import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.report.SeedStatistics;
import ai.preceptor.train.experiment.RunSettings;
import ai.preceptor.train.experiment.SeedGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Draws of one experiment, or a run that repeats one of them ({@link SeedGroup}).
 *
 * @param label in tables and legends
 * @param runs at least one, each with another seed
 * @param repeated the draw that the only run repeats; null for draws
 */
record RunGroup(
        String label, List<ComparedRun> runs, @Nullable ComparedRun repeated) {
    /** Copies the list. */
    RunGroup {
        runs = List.copyOf(runs);
    }

    /** Groups runs, in the order of each one's first. */
    static List<RunGroup> of(List<ComparedRun> runs) {
        Labels labels = Labels.among(runs.stream().map(ComparedRun::directory).toList());
        return SeedGroup.of(runs).stream()
                .map(group -> new RunGroup(
                        labels.of(group.runs().stream()
                                .map(ComparedRun::directory)
                                .toList()),
                        group.runs(),
                        group.repeated()))
                .toList();
    }

    String command() {
        return runs.get(0).read().command();
    }

    int n() {
        return runs.size();
    }

    /** What all its runs have in common, with all their seeds. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>(runs.get(0).read().values());
        String seeds = runs.stream()
                .map(run -> run.read().seed())
                .filter(seed -> !seed.isEmpty())
                .collect(Collectors.joining(", "));
        if (!seeds.isEmpty()) {
            settings.put(RunSettings.SEED, seeds);
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

    /** A metric as mean over the runs with one standard deviation to either side, as far as all of them have come. */
    List<Point> curve(String metric, Chosen how) {
        List<List<Point>> values = runs.stream()
                .map(run -> run.columns().getOrDefault(metric, List.of()))
                .toList();
        List<List<Point>> places = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            places.add(how.x().places(runs.get(i), values.get(i)));
        }
        return how.means().of(places, values);
    }
}
