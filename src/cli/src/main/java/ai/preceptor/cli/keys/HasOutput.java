package ai.preceptor.cli.keys;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A configuration whose command writes a run directory, where the log of a defect belongs too. */
public interface HasOutput {
    /** The run directory; it may not exist yet. Null when the command makes up a name for it. */
    @Nullable
    Path runDirectory();
}
