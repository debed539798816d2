package ai.preceptor.cli.yaml;

import ai.preceptor.data.ConfigurationException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/** Texts that are to be paths. A process names files in the encoding of its locale, which need not have every letter. */
public final class PathText {
    private static final String ENCODING = System.getProperty("sun.jnu.encoding", "UTF-8");

    private PathText() {}

    /** Why no file can have such a name. */
    public static String objection(InvalidPathException unnamed) {
        return "it is no path: " + unnamed.getReason().toLowerCase(Locale.ROOT)
                + (Charset.forName(ENCODING).equals(StandardCharsets.UTF_8)
                        ? ""
                        : "; this process's locale names files in " + ENCODING + ": set LC_ALL=C.UTF-8");
    }

    /**
     * A word of the command line as a path.
     *
     * @throws ConfigurationException if no file can have such a name
     */
    public static Path onCommandLine(String word) {
        try {
            return Path.of(word);
        } catch (InvalidPathException e) {
            throw new ConfigurationException("command line: " + word + ": " + objection(e), e);
        }
    }
}
