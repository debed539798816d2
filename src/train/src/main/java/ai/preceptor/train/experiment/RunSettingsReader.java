package ai.preceptor.train.experiment;

import java.nio.file.Path;
import java.util.Optional;

/** Reads what the configuration of a run says; for those that know no commands and no file format. */
@FunctionalInterface
public interface RunSettingsReader {
    /**
     * Reads it.
     *
     * @param directory of the run
     * @param config text of its {@code config.yaml}, which may be anything
     * @return empty if it is no configuration
     */
    Optional<RunSettings> read(Path directory, String config);
}
