package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Keys of {@code run} itself; the others belong to its stages.
 *
 * @param output null for a new directory under {@code runs/}
 */
public record RecipeKeys(
        @Key(
                help = "run directory, one directory a stage inside; a finished run stays, and the next free"
                        + " number is taken instead",
                path = PathKind.OUTPUT_DIRECTORY)
        @Nullable
        Path output,

        @Key(
                help = "go on where an earlier run in output stopped: finished stages are not run again",
                standard = "false")
        boolean resume) {}
