package ai.preceptor.cli.command;

import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.watch.HasMeters;
import ai.preceptor.cli.keys.watch.HasTrackers;
import ai.preceptor.cli.keys.watch.MeterKeys;
import ai.preceptor.cli.metrics.RunMeters;
import ai.preceptor.cli.metrics.StepMeters;
import ai.preceptor.track.RunOutcome;
import ai.preceptor.track.TrackedRun;
import ai.preceptor.track.Tracker;
import ai.preceptor.track.Tracking;
import ai.preceptor.track.TrackingTimes;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.TrainListener;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What watches a run: its meters and its trackers. */
final class RunWatch implements AutoCloseable {
    private final RunMeters meters;
    private final Tracking tracking;
    private @Nullable Interrupt interrupt;
    private boolean isDone;

    private RunWatch(RunMeters meters, Tracking tracking) {
        this.meters = meters;
        this.tracking = tracking;
    }

    /**
     * Opens what the keys ask for; nothing is written yet.
     *
     * @param command that runs
     * @param keys its configuration
     * @param directory of the run
     * @param environment of the process
     * @throws ai.preceptor.data.ConfigurationException if a port is taken, or a tracker lacks what it needs
     */
    static RunWatch open(
            String command, Record keys, Path directory, Terminal terminal, Map<String, String> environment) {
        List<Tracker> trackers = keys instanceof HasTrackers tracked
                ? tracked.watch().trackers().stream()
                        .map(type -> type.open(environment))
                        .toList()
                : List.of();
        String name = nameOf(directory, !terminal.part().isEmpty());
        String label = terminal.label(command);
        Consumer<String> notices = text -> terminal.err().println(label + ": " + text);
        MeterKeys where = keys instanceof HasMeters metered ? metered.meters() : new MeterKeys(null, null);
        TrackedRun run = new TrackedRun(directory, name, command, settings(keys));
        return new RunWatch(
                RunMeters.open(where, name, command, environment, notices),
                new Tracking(run, trackers, TrackingTimes.USUAL, notices));
    }

    /** The directory's own name; of a part of a larger job with that of the job before it. */
    private static String nameOf(Path directory, boolean isPart) {
        Path whole = directory.toAbsolutePath().normalize();
        int names = whole.getNameCount();
        int shown = Math.min(names, isPart ? 2 : 1);
        return whole.subpath(names - shown, names).toString();
    }

    private static Map<String, String> settings(Record keys) {
        Map<String, String> settings = new LinkedHashMap<>();
        flatten("", new Resolved(keys).toMap(), settings);
        return settings;
    }

    private static void flatten(String prefix, Map<?, ?> values, Map<String, String> settings) {
        values.forEach((key, value) -> {
            if (value instanceof Map<?, ?> section) {
                flatten(prefix + key + ".", section, settings);
            } else if (value != null) {
                settings.put(prefix + key, value.toString());
            }
        });
    }

    MeterRegistry registry() {
        return meters.registry();
    }

    /**
     * Hears the steps.
     *
     * @param stop may ask the run to stop
     */
    TrainListener listener(Interrupt stop) {
        interrupt = stop;
        return TrainListener.all(List.of(new StepMeters(meters.registry()), tracking));
    }

    /** The run is complete. */
    void done() {
        isDone = true;
    }

    /** Tells trackers how the run ended, and sends the last meters. */
    @Override
    public void close() {
        try (RunMeters closedLast = meters) {
            boolean stopped = interrupt != null && interrupt.isRequested();
            tracking.end(isDone ? RunOutcome.FINISHED : stopped ? RunOutcome.KILLED : RunOutcome.FAILED);
        }
    }
}
