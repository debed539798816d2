package ai.preceptor.train.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores nothing. */
enum NoStore implements RunStore {
    INSTANCE;

    @Override
    public Optional<SavedCheckpoint> resume(Map<String, String> data, int totalSteps) {
        return Optional.empty();
    }

    @Override
    public void requireSpace(long bytes) {}

    @Override
    public void record(Map<String, ?> row) {}

    @Override
    public Optional<Path> saveCheckpoint(Position position, Map<String, String> data, List<? extends Stateful> parts) {
        return Optional.empty();
    }

    @Override
    public void keep(int step) {}

    @Override
    public Optional<Path> checkpoint(int step) {
        return Optional.empty();
    }

    @Override
    public long checkpointsKept(long saves) {
        return 0;
    }

    @Override
    public void saveModel(ModelSaver saver) {}

    @Override
    public void writeSummary(Map<String, ?> summary) {}
}
