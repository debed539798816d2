package ai.preceptor.train.run;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.data.files.FreeSpace;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one run: {@code config.yaml}, {@code metrics.jsonl}, {@code samples.jsonl},
 * {@code checkpoints/step-N/}, {@code model/}, {@code summary.json}, {@code status.json} and {@code run.lock}.
 *
 * <p>Opening it takes the lock, clears what a killed process left half-written, finds the checkpoint to resume from and
 * cuts the logs back to it. All that can be refused is refused here, before a model is loaded.
 */
public final class RunDirectory implements RunStore, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Set before the keys that tell the rows apart, among those of the configuration. */
    private static final String DATA = "data.";

    private static final String CARD = "README.md";
    private static final String CONFIG = "config.yaml";
    private static final String SUMMARY = "summary.json";

    private final Path path;
    private final RunSpec spec;
    private final RunLock lock;
    private final Checkpoints checkpoints;
    private final Optional<SavedCheckpoint> start;
    private final StepLog metrics;
    private final StepLog samples;
    private final RunStatus status;
    /** Whether anything was there before. */
    private final boolean isNew;
    /** The configuration of the run that this one goes on with; empty at its start. */
    private final Optional<String> before;

    /** Requests that could not be taken, each of which is told of once. */
    private final Set<RunRequest> untaken = EnumSet.noneOf(RunRequest.class);

    /** Whether work began that the directory tells of, even if nothing of it is kept. */
    private volatile boolean worked;

    private RunDirectory(Path path, RunSpec spec, RunLock lock, boolean isNew) {
        this.isNew = isNew;
        this.path = path;
        this.spec = spec;
        this.lock = lock;
        this.checkpoints = new Checkpoints(path.resolve("checkpoints"));
        refuseUnlessResumed();
        this.start = checkpoints.latest();
        refuseIfAnotherRun();
        if (start.isEmpty() && hasBytes(path.resolve("metrics.jsonl"))) {
            LOG.warn("{}: no checkpoint to resume from; starts at step 0", path);
        }
        int lastStep = start.map(found -> found.position().step()).orElse(0);
        checkpoints.sweep();
        checkpoints.removeAfter(lastStep);
        Path config = path.resolve(CONFIG);
        this.before = start.isPresent() && Files.exists(config) ? Optional.of(read(config)) : Optional.empty();
        AtomicFiles.writeString(config, spec.config()); // now, since other learners read it
        this.metrics = StepLog.open(path.resolve("metrics.jsonl"), lastStep);
        this.samples = StepLog.open(path.resolve("samples.jsonl"), lastStep);
        for (RunRequest request : RunRequest.values()) {
            takes(request);
        }
        this.status = RunStatus.open(path);
    }

    /**
     * Opens or creates the run directory {@code path}.
     *
     * @throws ConfigurationException when {@code path} cannot be written, holds files that are not a run's, is being
     *     written by another process, holds a run and {@code resume} is off, or holds a run of another configuration
     * @throws ai.preceptor.data.DataException when it holds checkpoints and none of them is whole
     */
    public static RunDirectory open(Path path, RunSpec spec) {
        refuseIfForeign(path);
        boolean isNew = new RunFiles(path).isEmpty();
        AtomicFiles.requireWritable(path);
        RunLock lock = RunLock.acquire(path);
        try {
            return new RunDirectory(path, spec, lock, isNew);
        } catch (RuntimeException e) {
            try {
                lock.close();
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /**
     * A checkpoint in a run directory that another process has open.
     *
     * @throws ai.preceptor.data.DataException when it is missing or damaged
     */
    public static SavedCheckpoint checkpoint(Path run, int step) {
        return new Checkpoints(run.resolve("checkpoints")).require(step);
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Where {@link #saveModel} puts the trained model. */
    public Path model() {
        return path.resolve("model");
    }

    /** The checkpoint that the run goes on from; empty at its start. */
    public Optional<Path> checkpoint() {
        return start.map(SavedCheckpoint::path);
    }

    /** {@code metrics.jsonl}: a line per optimizer step. */
    public StepLog metrics() {
        return metrics;
    }

    /** {@code samples.jsonl}: answers of the model, with the step they were made at. */
    public StepLog samples() {
        return samples;
    }

    @Override
    public Optional<SavedCheckpoint> resume(Map<String, String> data, int totalSteps) {
        start.ifPresent(found -> {
            Map<String, String> now = identityWith(data);
            Map<String, String> was = new HashMap<>(found.identity());
            // a checkpoint from before parts had names says nothing of them
            now.forEach((key, name) -> {
                if (key.startsWith(PART)) {
                    was.putIfAbsent(key, name);
                }
            });
            refuse(found, spec.differences(was, now));
            refuseIfFewerSteps(found, totalSteps);
        });
        return start;
    }

    /** {@code status.json}: what the run says of itself to who watches. */
    public RunStatus status() {
        return status;
    }

    @Override
    public boolean takes(RunRequest request) {
        Path file = path.resolve(request.file());
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            if (untaken.add(request)) {
                LOG.warn("{} cannot be removed, so that it is not heeded: {}", file, e.toString());
            }
            return false;
        }
    }

    @Override
    public void planned(int first, int total) {
        worked = true;
        status.steps(first, total);
    }

    @Override
    public void ended(RuntimeException cause) {
        boolean asked = cause instanceof InterruptedRunException;
        status.ended(
                asked ? RunStatus.State.STOPPED : RunStatus.State.FAILED,
                Objects.requireNonNullElse(cause.getMessage(), cause.toString()));
    }

    @Override
    public void record(Map<String, ?> row) {
        metrics.append(row);
    }

    /** Writes {@code checkpoints/step-N}, then removes those beyond {@code save_total_limit} but the one to {@link #keep}. */
    @Override
    public Optional<Path> saveCheckpoint(Position position, Map<String, String> data, List<? extends Stateful> parts) {
        metrics.force();
        samples.force();
        Path saved = checkpoints.save(position, identityWith(data), parts);
        checkpoints.prune(spec.saveTotalLimit());
        return Optional.of(saved);
    }

    @Override
    public void keep(int step) {
        checkpoints.keep(step);
    }

    @Override
    public boolean outdates(int step) {
        boolean saved = checkpoints.forget(step);
        if (saved) {
            metrics.removeEvaluation(step);
        }
        return saved;
    }

    @Override
    public Optional<Path> checkpoint(int step) {
        return checkpoints.whole(step);
    }

    @Override
    public long checkpointsKept(long saves) {
        return spec.saveTotalLimit() == 0 ? saves : Math.min(saves, spec.saveTotalLimit() + 1L);
    }

    /** Writes {@code model/}; a README.md that is there stays. */
    @Override
    public void saveModel(ModelSaver saver) {
        AtomicFiles.directory(model(), aside -> {
            saver.save(aside);
            Path card = model().resolve(CARD);
            if (Files.isRegularFile(card)) {
                Files.copy(card, aside.resolve(CARD), StandardCopyOption.REPLACE_EXISTING);
            }
        });
    }

    /** Writes {@code summary.json}. */
    @Override
    public void writeSummary(Map<String, ?> summary) {
        try {
            String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(summary);
            AtomicFiles.writeString(path.resolve(SUMMARY), text + "\n");
            status.finished();
            worked = true;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("summary: expected JSON values, received " + summary, e);
        }
    }

    @Override
    public void requireSpace(long bytes) {
        OptionalLong free = FreeSpace.of(path);
        if (free.isPresent() && free.getAsLong() < bytes) {
            throw new ConfigurationException(String.format(
                    Locale.ROOT,
                    "output: %s has %,d MB free; checkpoints and model of this run take about %,d MB",
                    path,
                    free.getAsLong() >> 20,
                    bytes >> 20));
        }
    }

    private Map<String, String> identityWith(Map<String, String> data) {
        Map<String, String> all = new HashMap<>(spec.identity());
        data.forEach((key, value) -> all.put(key.startsWith(PART) ? key : DATA + key, value));
        return all;
    }

    /**
     * What was refused leaves nothing behind: if nothing was done, a new directory is removed, and one that was to be gone on with has
     * its configuration again.
     */
    @Override
    public void close() {
        metrics.close();
        samples.close();
        status.close();
        RunFiles files = new RunFiles(path);
        try {
            if (isNew && !worked && files.isUntouched()) {
                files.removeAll();
            } else if (!worked) {
                before.ifPresent(text -> AtomicFiles.writeString(path.resolve(CONFIG), text));
            }
        } catch (OutputException e) {
            LOG.warn("{}: is left although nothing was done in it: {}", path, e.getMessage());
        }
        try {
            lock.close();
        } catch (IOException e) {
            throw new OutputException(path, "cannot be unlocked: " + e.getMessage(), e);
        }
    }

    private static void refuseIfForeign(Path path) {
        List<Path> entries = new RunFiles(path).list();
        if (!entries.isEmpty() && !Files.exists(path.resolve(RunLock.NAME))) {
            List<Path> some = entries.stream().limit(3).map(Path::getFileName).toList();
            throw new ConfigurationException("output: " + path + " holds files that are not from a run (" + some
                    + (entries.size() > 3 ? ", ..." : "") + "); choose a new or empty directory");
        }
    }

    private void refuseUnlessResumed() {
        OptionalInt step = checkpoints.newestStep();
        boolean steps = hasBytes(path.resolve("metrics.jsonl"));
        boolean worked = step.isPresent() || steps || Files.exists(path.resolve(SUMMARY));
        if (worked && !spec.resume()) {
            String where = step.isPresent()
                    ? "a checkpoint of step " + step.getAsInt()
                    : steps ? "steps but no checkpoint" : "its " + SUMMARY;
            throw new ConfigurationException("output: " + path + " already holds a run (" + where
                    + "); continue with resume=true or choose another directory");
        }
    }

    private void refuseIfAnotherRun() {
        start.ifPresent(found -> {
            Map<String, String> was = new HashMap<>(found.identity());
            was.keySet().removeIf(key -> key.startsWith(DATA) || key.startsWith(PART));
            refuse(found, spec.differences(was, spec.identity()));
            Integer maxSteps = spec.maxSteps();
            if (maxSteps != null) {
                refuseIfFewerSteps(found, maxSteps);
            }
        });
    }

    private static void refuseIfFewerSteps(SavedCheckpoint found, int totalSteps) {
        int planned = found.position().totalSteps();
        if (totalSteps < planned) {
            refuse(found, "steps of the run: was " + planned + ", is " + totalSteps + " (more is allowed)");
        }
    }

    private static void refuse(SavedCheckpoint found, String differences) {
        if (!differences.isEmpty()) {
            throw new ConfigurationException("resume: " + found.path()
                    + " belongs to another run; these differ: " + differences
                    + "; restore them or choose another output");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new OutputException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private boolean hasBytes(Path file) {
        try {
            return Files.exists(file) && Files.size(file) > 0;
        } catch (IOException e) {
            throw new OutputException(file, "cannot be read: " + e.getMessage(), e);
        }
    }
}
