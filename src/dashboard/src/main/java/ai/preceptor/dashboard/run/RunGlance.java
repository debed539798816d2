package ai.preceptor.dashboard.run;

import ai.preceptor.train.run.RunStatus;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A run's row, for which a file is read again only when it has changed. */
final class RunGlance {
    private static final int SMALL_FILE = 1 << 20;

    /** A copy's files are written in any order. */
    private static final long COPIED_MILLIS = 2_000;

    private static final List<String> FILES = List.of(
            RunFolder.LOCK, RunFolder.CONFIG, RunStatus.NAME, RunFolder.SUMMARY, RunFolder.METRICS, RunFolder.SAMPLES);

    private final RunFolder folder;
    private final Map<String, FileStamp> stamps = new HashMap<>();
    private JsonNode status = MissingNode.getInstance();
    private LastLines last = LastLines.NONE;
    private Map<String, String> config = Map.of();
    private String command = "";
    private String settings = "";

    RunGlance(RunFolder folder) {
        this.folder = folder;
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
        ConfigText text =
                new ConfigText(folder.text(RunFolder.CONFIG, SMALL_FILE).orElse(""));
        config = text.values();
        command = text.command();
        settings = text.settings();
    }

    private RunRow row(Liveness liveness) {
        String state = state(liveness);
        int total = totalSteps(state);
        long updated =
                FILES.stream().mapToLong(file -> stamp(file).modified()).max().orElse(0);
        String told = status.path("command").asText("");
        return new RunRow(
                folder.id(),
                told.isEmpty() || told.equals("null") ? command : told,
                state,
                message(state),
                last.step(),
                total,
                last.secondsPerStep(),
                status.path("started").asLong(0),
                updated,
                Headline.of(last.values()),
                config.get("seed"),
                settings,
                Integer.toHexString(stamps.hashCode()) + state);
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
        String most = config.getOrDefault("max_steps", "");
        if (most.matches("[0-9]{1,9}")) {
            return Integer.parseInt(most);
        }
        String epochs = config.getOrDefault("num_train_epochs", "");
        if (last.epoch() > 0 && epochs.matches("[0-9.]{1,12}")) {
            return (int) Math.round(last.step() / last.epoch() * Double.parseDouble(epochs));
        }
        return 0;
    }
}
