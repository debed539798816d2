package ai.preceptor.track;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A run directory whose files a test writes.
 *
 * @param directory that exists
 */
public record RunFixture(Path directory) {
    /** What is recorded. */
    public TrackedRun run() {
        return new TrackedRun(
                directory, "fixture", "reward", Map.of("learning_rate", "1.0E-4", "model", "m", "shuffle", "true"));
    }

    /** Adds lines to {@code metrics.jsonl}: a loss of {@code step + 0.1} and a metric with a slash. */
    public void steps(int from, int to) {
        for (int step = from; step <= to; step++) {
            add(
                    "metrics.jsonl",
                    "{\"step\":" + step + ",\"loss\":" + loss(step) + ",\"rewards/margins\":" + -step + "}\n");
        }
    }

    /** An evaluation's line. */
    public void evaluation(int step) {
        add("metrics.jsonl", "{\"step\":" + step + ",\"eval_loss\":" + loss(step) + "}\n");
    }

    /** Cuts {@code metrics.jsonl} back as a resumed run does. */
    public void cutAfter(int lines) {
        try {
            Path file = directory.resolve("metrics.jsonl");
            String kept = String.join("\n", Files.readAllLines(file).subList(0, lines)) + "\n";
            Files.writeString(file, lines == 0 ? "" : kept);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds to a file. */
    public void add(String file, String text) {
        try {
            Files.writeString(
                    directory.resolve(file),
                    text,
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An empty state. */
    public static TrackerState state(Path file) throws IOException {
        return TrackerState.of(file);
    }

    /** Of a step: no float32. */
    public static double loss(int step) {
        return step + 0.1;
    }

    /** Delivers all that is there by one process of the run, which does not end it. */
    public void deliver(Tracker tracker, int firstStep, LongSupplier clock) throws IOException {
        Delivery delivery = new Delivery(tracker, run(), firstStep, clock);
        delivery.open();
        delivery.deliver();
    }
}
