package ai.preceptor.train.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the loop stores its state: {@link RunDirectory} on disk, or {@link #none} for nothing. */
public interface RunStore {

    /** Set before the key of an exchangeable part, such as a loss, whose value is its name. */
    String PART = "part.";

    /**
     * The checkpoint to resume from.
     *
     * @param data identity of the rows of this process and, with {@link #PART} before their keys, the names of its parts;
     *     compared with those of the checkpoint's
     * @param totalSteps steps this process plans; fewer than the checkpoint's run planned is another run
     * @throws ai.preceptor.data.ConfigurationException when the checkpoint belongs to a run on other rows, with other
     *     parts or with more steps
     */
    Optional<SavedCheckpoint> resume(Map<String, String> data, int totalSteps);

    /** Asks, before hours of work, whether {@code bytes} more have room; throws when they have not. */
    void requireSpace(long bytes);

    /** Adds a line of metrics; {@code row} has the key {@code step}. */
    void record(Map<String, ?> row);

    /**
     * Keeps a checkpoint.
     *
     * @param position where the run stands
     * @param data identity of the rows, and the names of the parts
     * @param parts what a resumed run must take back
     * @return where it is kept, or empty when nothing is
     */
    Optional<Path> saveCheckpoint(Position position, Map<String, String> data, List<? extends Stateful> parts);

    /**
     * Keeps the checkpoint of one step whatever the number of newer ones, in place of the step that was kept before.
     *
     * @param step of a checkpoint that is there or about to be saved
     */
    void keep(int step);

    /**
     * An evaluation was made after a step. If the checkpoint of that step is there already it lacks the evaluation: the next save of
     * the step writes it anew, and a line of the evaluation that a killed process left is removed.
     *
     * @param step the last one that metrics were recorded of
     * @return whether there is such a checkpoint
     */
    default boolean outdates(int step) {
        return false;
    }

    /** The checkpoint of a step; empty where it is missing or damaged. */
    Optional<Path> checkpoint(int step);

    /** Most checkpoints that are on disk at a time in a run that makes {@code saves} of them. */
    long checkpointsKept(long saves);

    /** Keeps the trained model, atomically; {@code saver} gets an empty directory to fill. */
    void saveModel(ModelSaver saver);

    /** Keeps the summary: the last thing a run does. */
    void writeSummary(Map<String, ?> summary);

    /** Whether another process has asked for {@code request}; each is told once. */
    default boolean takes(RunRequest request) {
        return false;
    }

    /**
     * The run has planned its steps.
     *
     * @param first steps done before, 0 unless resumed
     * @param total steps of the run
     */
    default void planned(int first, int total) {}

    /** The run ends early. */
    default void ended(RuntimeException cause) {}

    /** Fills an empty directory with a trained model. */
    @FunctionalInterface
    interface ModelSaver {
        /** @param directory empty; what is written to it is renamed into place afterwards */
        void save(Path directory);
    }

    /** Keeps nothing; for training inside another program. */
    static RunStore none() {
        return NoStore.INSTANCE;
    }
}
