package ai.preceptor.dashboard.run;

import ai.preceptor.train.experiment.RunSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes run directories by hand. */
public record RunFiles(Path directory) {
    /** Reads keys without indentation, one a line; without the seed those of a run of {@code policy} or of a recipe. */
    public static Optional<RunSettings> settings(Path directory, String config) {
        Map<String, String> values = new TreeMap<>();
        config.lines().filter(line -> line.matches("[a-z_]+:.*")).forEach(line -> {
            String[] parts = line.split(": *", 2);
            values.put(parts[0], parts[1].replace("\"", ""));
        });
        values.remove("output");
        String command = values.containsKey("stages") ? "run" : values.containsKey("algorithm") ? "policy" : "";
        return values.isEmpty() ? Optional.empty() : Optional.of(new RunSettings(command, values));
    }

    /** A directory with a lock and a configuration. */
    public static RunFiles make(Path directory, String config) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("run.lock"), "process 1\n");
        RunFiles files = new RunFiles(directory);
        return files.write("config.yaml", config);
    }

    public RunFiles write(String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text);
        return this;
    }

    public RunFiles append(String file, String text) throws IOException {
        Files.write(
                directory.resolve(file),
                text.getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        return this;
    }

    /** Lines of steps with the metric {@code reward}, a tenth of the step. */
    public RunFiles steps(int first, int last) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int step = first; step <= last; step++) {
            lines.append("{\"step\":%d,\"step_time\":0.5,\"loss\":%s,\"reward\":%s,\"objective/kl\":%s}\n"
                    .formatted(step, 1.0 / step, step / 10.0, step / 100.0));
        }
        return append("metrics.jsonl", lines.toString());
    }

    /** What a running process of this machine says of itself, or one that says it is. */
    public RunFiles status(String state, long pid, long processStarted, String host) throws IOException {
        return write("status.json", """
                {"state":"%s","command":"policy","name":"policy","total_steps":40,"pid":%d,"process_started":%d,
                 "host":"%s","started":%d,"updated":%d}
                """.formatted(
                state, pid, processStarted, host, System.currentTimeMillis() - 60_000, System.currentTimeMillis()));
    }

    public RunFiles modified(String file, long millisAgo) throws IOException {
        Files.setLastModifiedTime(directory.resolve(file), FileTime.fromMillis(System.currentTimeMillis() - millisAgo));
        return this;
    }

    /** What is known of runs below a directory. */
    static RunBoard board(Path root) throws IOException {
        return new RunBoard(root, RunFiles::settings);
    }

    /** Rows by their ids. */
    static Map<String, RunRow> rows(RunBoard board) {
        board.refresh();
        return board.rows().stream().collect(Collectors.toMap(RunRow::id, row -> row));
    }
}
