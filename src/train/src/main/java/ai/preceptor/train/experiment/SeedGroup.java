package ai.preceptor.train.experiment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs that are draws of one experiment: one command, equal settings apart from {@code seed}, each with another seed. Settings
 * that do not change a result are no settings here ({@link RunSettings}).
 *
 * <p>The same seed counts once: the run that finished last is the draw ({@link RunEnd}), and another one with it repeats it.
 * A repeat is no independent draw, and is a group of its own. So is a run whose settings cannot be read.
 *
 * @param runs at least one
 * @param repeated the draw that the only run repeats; null for draws
 */
public record SeedGroup<R extends RecordedRun>(
        List<R> runs, @Nullable R repeated) {
    /** Copies the list. */
    public SeedGroup {
        runs = List.copyOf(runs);
    }

    /** Groups runs, in the order of each one's first; repeats follow the group that they are repeats of. */
    public static <R extends RecordedRun> List<SeedGroup<R>> of(List<R> runs) {
        Map<RunSettings, R> draws = new HashMap<>();
        runs.forEach(run -> run.settings().ifPresent(settings -> draws.merge(settings, run, SeedGroup::later)));
        Map<Object, List<R>> groups = new LinkedHashMap<>();
        Map<Object, List<SeedGroup<R>>> repeats = new HashMap<>();
        for (R run : runs) {
            RunSettings settings = run.settings().orElse(null);
            Object experiment = settings == null ? new Object() : settings.withoutSeed();
            List<R> group = groups.computeIfAbsent(experiment, unknown -> new ArrayList<>());
            R draw = settings == null ? run : Objects.requireNonNull(draws.get(settings));
            if (draw == run) {
                group.add(run);
            } else {
                repeats.computeIfAbsent(experiment, unknown -> new ArrayList<>())
                        .add(new SeedGroup<>(List.of(run), draw));
            }
        }
        List<SeedGroup<R>> all = new ArrayList<>();
        groups.forEach((experiment, group) -> {
            all.add(new SeedGroup<>(group, null));
            all.addAll(repeats.getOrDefault(experiment, List.of()));
        });
        return all;
    }

    private static <R extends RecordedRun> R later(R one, R other) {
        return other.end().compareTo(one.end()) >= 0 ? other : one;
    }
}
