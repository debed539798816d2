package ai.preceptor.train.experiment;

import java.util.Optional;

/** A run as its directory tells it. */
public interface RecordedRun {
    /** Its settings; empty if they cannot be read. */
    Optional<RunSettings> settings();

    /** How it ended. */
    RunEnd end();
}
