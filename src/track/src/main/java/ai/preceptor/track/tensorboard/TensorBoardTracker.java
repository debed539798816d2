package ai.preceptor.track.tensorboard;

import ai.preceptor.track.LoggedLine;
import ai.preceptor.track.LoggedSample;
import ai.preceptor.track.RunOutcome;
import ai.preceptor.track.TrackedRun;
import ai.preceptor.track.Tracker;
import ai.preceptor.track.TrackerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes event files for TensorBoard into {@code tensorboard/} of the run directory: each metric as a scalar of its name, rounded to
 * float32 as TensorBoard's scalars are; the settings; up to four samples of a step as text. Every process of a run writes a file
 * of its own, which replaces what earlier files say of the steps that it makes again.
 */
public final class TensorBoardTracker implements Tracker {
    private static final String PREFIX = "events.out.tfevents.";
    private static final double MILLIS = 1000;

    private final LongSupplier millis;
    private final RecordFile.Opener opener;
    private @Nullable RecordFile file;

    /** @param millis the time since 1970, for the names of files and their first events */
    public TensorBoardTracker(LongSupplier millis) {
        this(millis, RecordFile::open);
    }

    /** With files of one's own. */
    TensorBoardTracker(LongSupplier millis, RecordFile.Opener opener) {
        this.millis = millis;
        this.opener = opener;
    }

    @Override
    public String name() {
        return "tensorboard";
    }

    @Override
    public boolean takesSamples() {
        return true;
    }

    @Override
    public boolean replacesSteps() {
        return true;
    }

    @Override
    public String open(TrackedRun run, TrackerState state, int fromStep) throws IOException {
        Path directory = run.directory().resolve("tensorboard");
        Files.createDirectories(directory);
        List<String> earlier = earlier(directory);
        double seconds = millis.getAsLong() / MILLIS;
        List<Protobuf> first = new ArrayList<>();
        first.add(Events.version(seconds));
        if (!earlier.isEmpty()) {
            first.add(Events.sessionStart(seconds, fromStep));
        }
        first.add(Events.settings(seconds, run.settings()));
        file = begun(directory.resolve(nextName(earlier)), first);
        return directory + " (tensorboard --logdir " + directory + ")";
    }

    /** A file with its first events; none is left if they cannot be written, since this is tried again. */
    private RecordFile begun(Path path, List<Protobuf> first) throws IOException {
        RecordFile next = new RecordFile(opener.open(path));
        try {
            next.add(first);
            return next;
        } catch (IOException e) {
            try {
                next.close();
                Files.deleteIfExists(path);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    @Override
    public void log(List<LoggedLine> lines) throws IOException {
        file().add(lines.stream()
                .map(line -> Events.scalars(line.millis() / MILLIS, line.step(), line.values()))
                .toList());
    }

    @Override
    public void logSamples(List<LoggedSample> samples) throws IOException {
        List<Protobuf> events = new ArrayList<>();
        for (int i = 0; i < samples.size(); ) {
            LoggedSample first = samples.get(i);
            StringBuilder text = new StringBuilder();
            for (; i < samples.size() && samples.get(i).step() == first.step(); i++) {
                append(text, samples.get(i));
            }
            events.add(Events.text(first.millis() / MILLIS, first.step(), "samples", text.toString()));
        }
        file().add(events);
    }

    @Override
    public void finish(RunOutcome outcome) throws IOException {
        file().close();
    }

    private RecordFile file() {
        return Objects.requireNonNull(file, "open comes first");
    }

    private static List<String> earlier(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(PREFIX))
                    .sorted()
                    .toList();
        }
    }

    /** TensorBoard reads files in the order of their names. */
    private String nextName(List<String> earlier) {
        long seconds = millis.getAsLong() / (long) MILLIS;
        String next = name(seconds, earlier.size());
        if (!earlier.isEmpty() && next.compareTo(earlier.get(earlier.size() - 1)) <= 0) { // the clock went back
            String last = earlier.get(earlier.size() - 1).substring(PREFIX.length());
            next = PREFIX
                    + last.substring(0, last.indexOf('.'))
                    + String.format(Locale.ROOT, ".preceptor.%05d", earlier.size());
        }
        return next;
    }

    private static String name(long seconds, int number) {
        return PREFIX + String.format(Locale.ROOT, "%010d.preceptor.%05d", seconds, number);
    }

    /** As indented code: what a model wrote is shown as it is, and is never markup. */
    private static void append(StringBuilder text, LoggedSample sample) {
        block(text, "prompt", sample.prompt());
        block(text, "completion", sample.completion());
        block(text, "score", sample.score() == null ? "none" : sample.score().toString());
    }

    private static void block(StringBuilder text, String title, String content) {
        text.append(text.length() == 0 ? "" : "\n\n").append(title).append(":\n\n");
        content.lines().forEach(line -> text.append("    ").append(line).append('\n'));
    }
}
