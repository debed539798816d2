package ai.preceptor.train.learners;

import ai.preceptor.lm.collective.Collective;
import ai.preceptor.train.run.Position;
import ai.preceptor.train.run.RunDirectory;
import ai.preceptor.train.run.RunRequest;
import ai.preceptor.train.run.RunStore;
import ai.preceptor.train.run.SavedCheckpoint;
import ai.preceptor.train.run.Stateful;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One run directory for several learners: learner 0 writes it, and the others read from it the checkpoint that learner 0 goes on from.
 * All see the same directory.
 */
public final class SharedStore implements RunStore {
    private static final String FAILED = "failed ";
    private static final String NONE = "none";

    private final RunStore own;
    private final @Nullable Path directory;
    private final Collective learners;

    private SharedStore(RunStore own, @Nullable Path directory, Collective learners) {
        this.own = own;
        this.directory = directory;
        this.learners = learners;
    }

    /**
     * That of learner 0.
     *
     * @param own writes
     */
    public static RunStore ofFirst(RunStore own, Collective learners) {
        return learners.world() == 1 ? own : new SharedStore(own, null, learners);
    }

    /**
     * That of another learner, which keeps nothing.
     *
     * @param directory that learner 0 writes
     */
    public static RunStore ofOther(Path directory, Collective learners) {
        return new SharedStore(RunStore.none(), directory, learners);
    }

    @Override
    public Optional<SavedCheckpoint> resume(Map<String, String> data, int totalSteps) {
        Optional<SavedCheckpoint> found = Optional.empty();
        RuntimeException failure = null;
        try {
            found = own.resume(data, totalSteps);
        } catch (RuntimeException e) {
            failure = e;
        }
        OptionalInt step = told(found.map(checkpoint -> checkpoint.position().step()), failure);
        if (directory == null) {
            return found;
        }
        return step.isPresent() ? Optional.of(RunDirectory.checkpoint(directory, step.getAsInt())) : Optional.empty();
    }

    /** What learner 0 says. */
    private OptionalInt told(Optional<Integer> step, @Nullable RuntimeException failure) {
        String mine = failure == null
                ? step.map(String::valueOf).orElse(NONE)
                : FAILED + LearnerFailedException.reason(failure);
        String first = new String(learners.ofFirst(mine.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
        if (failure != null) {
            throw failure;
        }
        if (first.startsWith(FAILED)) {
            throw new LearnerFailedException("learner 0: " + first.substring(FAILED.length()));
        }
        return first.equals(NONE) ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(first));
    }

    @Override
    public Optional<Path> checkpoint(int step) {
        Optional<Path> found = own.checkpoint(step);
        OptionalInt there = told(found.map(path -> step), null);
        if (directory == null) {
            return found;
        }
        return there.isPresent()
                ? Optional.of(RunDirectory.checkpoint(directory, step).path())
                : Optional.empty();
    }

    @Override
    public boolean outdates(int step) {
        boolean outdated = own.outdates(step);
        return told(outdated ? Optional.of(step) : Optional.empty(), null).isPresent();
    }

    @Override
    public void requireSpace(long bytes) {
        RuntimeException failure = null;
        try {
            own.requireSpace(bytes);
        } catch (RuntimeException e) {
            failure = e;
        }
        told(Optional.empty(), failure);
    }

    @Override
    public void record(Map<String, ?> row) {
        own.record(row);
    }

    @Override
    public Optional<Path> saveCheckpoint(Position position, Map<String, String> data, List<? extends Stateful> parts) {
        parts.forEach(part -> GatheredState.gather(part, learners));
        try {
            return own.saveCheckpoint(position, data, parts);
        } finally {
            parts.forEach(GatheredState::release);
        }
    }

    @Override
    public void keep(int step) {
        own.keep(step);
    }

    @Override
    public long checkpointsKept(long saves) {
        return own.checkpointsKept(saves);
    }

    @Override
    public void saveModel(ModelSaver saver) {
        own.saveModel(saver);
    }

    @Override
    public void writeSummary(Map<String, ?> summary) {
        own.writeSummary(summary);
    }

    @Override
    public boolean takes(RunRequest request) {
        boolean taken = own.takes(request);
        // A checkpoint is saved by all, a stop is agreed on with the step.
        return request == RunRequest.SAVE
                ? told(taken ? Optional.of(1) : Optional.empty(), null).isPresent()
                : taken;
    }

    @Override
    public void planned(int first, int total) {
        own.planned(first, total);
    }

    @Override
    public void ended(RuntimeException cause) {
        own.ended(cause);
    }
}
