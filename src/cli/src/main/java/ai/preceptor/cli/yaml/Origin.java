package ai.preceptor.cli.yaml;

import java.nio.file.Path;

/** Where a value was written, for error messages. For the package {@code cli.config}. */
public sealed interface Origin {
    /**
     * A place in a file.
     *
     * @param line 1-based
     * @param column 1-based
     */
    record InFile(Path file, int line, int column) implements Origin {
        @Override
        public String toString() {
            return file + ":" + line + ":" + column;
        }
    }

    /** A {@code key=value} argument. */
    record CommandLine() implements Origin {
        @Override
        public String toString() {
            return "command line";
        }
    }

    /** A default in an annotation, or a value set by a Java caller. */
    record Program(String where) implements Origin {
        @Override
        public String toString() {
            return where;
        }
    }
}
