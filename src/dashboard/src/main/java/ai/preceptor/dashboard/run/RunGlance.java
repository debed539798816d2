package ai.preceptor.dashboard.run;

import ai.preceptor.train.experiment.Headline;
import ai.preceptor.train.experiment.RecordedRun;
import ai.preceptor.train.experiment.RunEnd;
import ai.preceptor.train.experiment.RunSettings;
import ai.preceptor.train.experiment.RunSettingsReader;
import ai.preceptor.train.run.RunStatus;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A run's row, for which a file is read again only when it has changed. */
final class RunGlance implements RecordedRun {
    private static final int SMALL_FILE = 1 << 20;

    /** A copy's files are written in any order. */
    private static final long COPIED_MILLIS = 2_000;

    private static final List<String> FILES = List.of(
            RunFolder.LOCK, RunFolder.CONFIG, RunStatus.NAME, RunFolder.SUMMARY, RunFolder.METRICS, RunFolder.SAMPLES);

    private static final int MOST_METRICS = 3;

    private final RunFolder folder;
    private final RunSettingsReader reader;
    private final Map<String, FileStamp> stamps = new HashMap<>();
    private JsonNode status = MissingNode.getInstance();
    private LastLines last = LastLines.NONE;
    private Optional<RunSettings> settings = Optional.empty();

    RunGlance(RunFolder folder, RunSettingsReader reader) {
        this.folder = folder;
        this.reader = reader;
    }

    @Override
    public Optional<RunSettings> settings() {
        return settings;
    }

    @Override
    public RunEnd end() {
        return RunEnd.of(
                status,
                stamp(RunFolder.SUMMARY).modified(),
                stamp(RunFolder.METRICS).modified());
    }

    /** What wrote it; empty if unknown. */
    String command() {
        String told = status.path("command").asText("");
        return told.isEmpty() || told.equals("null")
                ? settings.map(RunSettings::command).orElse("")
                : told;
    }

    RunFolder folder() {
        return folder;
    }

    /** Looks at the files and makes the row. */
    RunRow look(Liveness liveness) {
        Map<String, FileStamp> now = new HashMap<>();
        FILES.forEach(file -> now.put(file, folder.stamp(file)));
        ifChanged(RunFolder.CONFIG, now, file -> readConfig());
        ifChanged(RunStatus.NAME, now, file -> status = folder.json(file, SMALL_FILE));
        ifChanged(RunFolder.METRICS, now, file -> last = LastLines.read(folder));
        stamps.putAll(now);
        return row(liveness);
    }

    private void ifChanged(String file, Map<String, FileStamp> now, Consumer<String> read) {
        if (!Objects.equals(stamps.get(file), now.get(file))) {
            read.accept(file);
        }
    }

    private void readConfig() {
        settings = reader.read(
                folder.path(), folder.text(RunFolder.CONFIG, SMALL_FILE).orElse(""));
    }

    private String setting(String key) {
        return settings.map(read -> read.values().getOrDefault(key, "")).orElse("");
    }

    private RunRow row(Liveness liveness) {
        String state = state(liveness);
        int total = totalSteps(state);
        long updated =
                FILES.stream().mapToLong(file -> stamp(file).modified()).max().orElse(0);
        return new RunRow(
                folder.id(),
                command(),
                state,
                message(state),
                last.step(),
                total,
                last.secondsPerStep(),
                status.path("started").asLong(0),
                updated,
                headline(),
                settings.map(RunSettings::seed).filter(seed -> !seed.isEmpty()).orElse(null),
                Integer.toHexString(stamps.hashCode()) + state);
    }

    private Map<String, Double> headline() {
        Map<String, Double> shown = new LinkedHashMap<>();
        Headline.among(command(), last.values().keySet(), MOST_METRICS)
                .forEach(one -> shown.put(
                        one.name(), Objects.requireNonNull(last.values().get(one.name()))));
        return shown;
    }

    private FileStamp stamp(String file) {
        return stamps.getOrDefault(file, FileStamp.NONE);
    }

    private String state(Liveness liveness) {
        String told = status.path("state").asText();
        if (told.equals("running")) {
            return liveness.isAlive(status) ? told : "failed";
        }
        if (List.of("finished", "stopped", "failed").contains(told)) {
            return told;
        }
        // written by a Preceptor that told nothing of itself
        if (stamp(RunFolder.SUMMARY).exists()
                && stamp(RunFolder.SUMMARY).modified() >= stamp(RunFolder.LOCK).modified() - COPIED_MILLIS) {
            return "finished";
        }
        long wrote = Math.max(
                stamp(RunFolder.METRICS).modified(), stamp(RunFolder.SAMPLES).modified());
        return liveness.isRecent(wrote) ? "running" : "stopped";
    }

    private @Nullable String message(String state) {
        if (state.equals("failed") && status.path("state").asText().equals("running")) {
            return "the process ended without an error message; resume=true continues from the last checkpoint";
        }
        return status.path("message").textValue();
    }

    private int totalSteps(String state) {
        int planned = status.path("total_steps").asInt(0);
        if (planned > 0) {
            return planned;
        }
        if (state.equals("finished")) {
            return last.step();
        }
        String most = setting("max_steps");
        if (most.matches("[0-9]{1,9}")) {
            return Integer.parseInt(most);
        }
        String epochs = setting("num_train_epochs");
        if (last.epoch() > 0 && epochs.matches("[0-9.]{1,12}")) {
            return (int) Math.round(last.step() / last.epoch() * Double.parseDouble(epochs));
        }
        return 0;
    }
}
