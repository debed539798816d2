package ai.preceptor.train.run;

import java.nio.file.Path;
import java.util.Map;

/**
 * A whole checkpoint on disk.
 *
 * @param path its directory, {@code checkpoints/step-N}
 * @param position the position of the run
 * @param identity key and value of everything that must be the same to resume the run
 */
public record SavedCheckpoint(Path path, Position position, Map<String, String> identity) {}
