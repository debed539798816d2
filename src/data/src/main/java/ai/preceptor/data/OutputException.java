package ai.preceptor.data;

import java.nio.file.Path;

/**
 * An output that cannot be written: a place without permission, a file where a directory should be,
 * a full disk. It is a configuration error (exit code 2), since the {@code output} given cannot be used, unless
 * {@code DiskFailure} finds that the disk failed while it was written (exit code 4).
 */
public class OutputException extends ConfigurationException {
    private static final long serialVersionUID = 1L;

    /** A problem with a path, and what the system said. */
    public OutputException(Path path, String reason, Throwable cause) {
        super(path + ": " + reason, cause);
    }
}
