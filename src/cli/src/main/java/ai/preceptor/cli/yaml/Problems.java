package ai.preceptor.cli.yaml;

import ai.preceptor.data.ConfigurationException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All problems of one configuration in the order found; thrown together. */
public final class Problems {
    private final List<String> lines = new ArrayList<>();
    private final List<String> hints = new ArrayList<>();
    private final Set<String> explained = new HashSet<>();
    private final Set<String> paths = new HashSet<>();
    private final Set<String> places = new HashSet<>();

    /**
     * Records a problem. The same problem at the same place in a file is recorded once, even if several sections
     * share the place, and so is the same problem of the same key.
     *
     * @param origin where the offending text stands
     * @param path full dotted path of the key, empty for the file as a whole
     */
    public void add(Origin origin, String path, String message) {
        paths.add(path);
        String line = origin + ": " + (path.isEmpty() ? "" : path + ": ") + message;
        if (places.add(origin.exact() ? origin + message : line)) {
            lines.add(line);
        }
    }

    /** Notes that a key that is missing was meant by a problem that was told, so that it need not be said again. */
    public void explain(String path) {
        explained.add(path);
    }

    /** Whether {@link #explain} was called for it. */
    public boolean isExplained(String path) {
        return explained.contains(path);
    }

    /** Adds what helps with several problems, said once after all of them. */
    public void hint(String told) {
        if (!hints.contains(told)) {
            hints.add(told);
        }
    }

    public boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Whether {@code path} itself was refused, so that what follows from its value need not be said. */
    public boolean concern(String path) {
        return paths.contains(path);
    }

    /** @throws ConfigurationException naming every problem, one a line, when there is any */
    public void throwIfAny() {
        if (!lines.isEmpty()) {
            throw new RefusedConfigurationException(lines, hints);
        }
    }
}
