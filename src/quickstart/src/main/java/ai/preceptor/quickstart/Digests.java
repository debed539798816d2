package ai.preceptor.quickstart;

import ai.preceptor.data.files.Sha256;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the embedded files are: their paths, sorted and separated by {@code /}, each with the SHA-256 of its content, as
 * {@code sha256sum} lists them.
 *
 * @param byFile hexadecimal digests
 */
record Digests(Map<String, String> byFile) {
    /** Name of the list beside the files. */
    static final String FILE = "SHA256SUMS";

    /** Sorts the files. */
    Digests {
        byFile = new TreeMap<>(byFile);
    }

    /** Reads a list. */
    static Digests parse(String list) {
        return new Digests(list.lines()
                .map(line -> line.split(" {2}", 2))
                .collect(Collectors.toMap(parts -> parts[1], parts -> parts[0])));
    }

    /** As {@code sha256sum} prints it. */
    String text() {
        return byFile.entrySet().stream()
                .map(entry -> entry.getValue() + "  " + entry.getKey() + "\n")
                .collect(Collectors.joining());
    }

    /** A short name for all of them together. */
    String version() {
        return Sha256.of(text()).substring(0, 12);
    }
}
