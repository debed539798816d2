package ai.preceptor.cli.yaml;

import java.nio.file.Path;

/**
 * Where a value was written, for error messages. For the package {@code cli.config}.
 *
 * @param place as messages tell it
 * @param exact whether that is a line and column of a file
 */
public record Origin(String place, boolean exact) {
    /** A {@code key=value} argument. */
    public static final Origin COMMAND_LINE = of("command line");

    /** A file as a whole, a default in an annotation, or a value set by a Java caller. */
    public static Origin of(String place) {
        return new Origin(place, false);
    }

    /**
     * A place in a file.
     *
     * @param line 1-based
     * @param column 1-based
     */
    static Origin in(Path file, int line, int column) {
        return new Origin(file + ":" + line + ":" + column, true);
    }

    @Override
    public String toString() {
        return place;
    }
}
