package ai.preceptor.cli.version;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Which program this is and on what it runs, without loading a native library.
 *
 * @param build what the build wrote of itself: {@code version} and {@code commit}; empty where no build did
 * @param torch the properties of the libtorch on the class path; empty where there is none
 * @param environment variables of the process
 */
public record ProgramVersion(Properties build, Properties torch, Map<String, String> environment) {
    private static final String UNKNOWN = "development";

    /** That of the class path and this process. */
    public static ProgramVersion ofThis() {
        return new ProgramVersion(
                properties("/ai/preceptor/cli/build.properties"),
                properties("/native/lib/pytorch.properties"),
                System.getenv());
    }

    /** Name and version, as a sentence has them; the name alone where no build wrote a version. */
    public String name() {
        return "Preceptor" + (build.containsKey("version") ? " " + build.getProperty("version") : "");
    }

    /** For a terminal. */
    public List<String> lines() {
        String commit = build.getProperty("commit", "");
        List<String> lines = new ArrayList<>();
        lines.add("preceptor " + build.getProperty("version", UNKNOWN)
                + (commit.isBlank() || commit.startsWith("$") ? "" : " (" + commit + ")"));
        lines.add("java      " + Runtime.version() + " (" + System.getProperty("java.vendor") + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ")");
        lines.add("libtorch  " + libtorch());
        return lines;
    }

    private String libtorch() {
        String own = environment.get("PYTORCH_LIBRARY_PATH");
        if (own != null && !own.isBlank()) {
            return "of PYTORCH_LIBRARY_PATH, " + own;
        }
        String version = torch.getProperty("version", "").replaceFirst("-.*", "");
        return version.isEmpty() ? "none on the class path" : version + " (" + torch.getProperty("flavor") + ")";
    }

    private static Properties properties(String resource) {
        Properties properties = new Properties();
        try (InputStream stream = ProgramVersion.class.getResourceAsStream(resource)) {
            if (stream != null) {
                properties.load(stream);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
