package ai.preceptor.cli.plugin;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A part of a run under the name that a configuration gives it: one that the program has, or a user's own. */
public sealed interface Part extends Written permits Part.Known, OwnPart {
    /**
     * Makes the user's own.
     *
     * @throws ai.preceptor.data.ConfigurationException if its constructor fails
     * @throws IllegalStateException if it is one that the program has
     */
    OpenPart open();

    /**
     * One that the program has.
     *
     * @param written its name
     * @param constant of the enum that lists such parts
     */
    record Known(String written, Enum<?> constant) implements Part {
        @Override
        public String identity() {
            return written;
        }

        @Override
        public OpenPart open() {
            throw new IllegalStateException(written + " is not a part of a user's own");
        }

        @Override
        public @Nullable Path file() {
            return null;
        }
    }
}
