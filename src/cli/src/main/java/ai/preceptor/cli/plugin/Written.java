package ai.preceptor.cli.plugin;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A value that is written as text but depends on more than the text: the content of the file it names. */
public interface Written {
    /** As a configuration writes it. */
    String written();

    /** What a resumed run must have again: the text, and the SHA-256 of the file if it names one. */
    String identity();

    /** The file that it is read from; null for none. */
    @Nullable
    Path file();
}
