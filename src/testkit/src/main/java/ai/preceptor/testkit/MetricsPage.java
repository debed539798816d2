package ai.preceptor.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page that names every metric: {@code docs/metrics.md}. */
public final class MetricsPage {

    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    private MetricsPage() {}

    /**
     * Fails unless the first column of some table of the page names each of these metrics.
     *
     * @throws AssertionError naming the missing ones
     */
    public static void requireDocumented(Collection<String> metrics) {
        Set<String> missing = new TreeSet<>(metrics);
        missing.removeAll(documented());
        if (!missing.isEmpty()) {
            throw new AssertionError("docs/metrics.md does not name " + missing);
        }
    }

    private static Set<String> documented() {
        Path page = ProjectRoot.find().resolve("docs").resolve("metrics.md");
        Set<String> names = new TreeSet<>();
        try {
            for (String line : Files.readAllLines(page)) {
                if (line.startsWith("| `")) {
                    Matcher matcher = NAME.matcher(line.substring(0, line.indexOf('|', 1)));
                    while (matcher.find()) {
                        names.add(matcher.group(1));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }
}
