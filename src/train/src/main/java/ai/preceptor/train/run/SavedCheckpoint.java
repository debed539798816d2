package ai.preceptor.train.run;

import java.nio.file.Path;
import java.util.Map;

/**
 * A whole checkpoint on disk.
 *
 * @param path its directory, {@code checkpoints/step-N}
 * @param position where the run stood
 * @param identity key and value of everything that must be the same for the run to go on
 */
public record SavedCheckpoint(Path path, Position position, Map<String, String> identity) {}
