package ai.preceptor.quickstart;

import ai.preceptor.data.files.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** Digests all files below a directory, but for a list that is already there. */
    static Digests of(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return new Digests(files.filter(Files::isRegularFile)
                            .collect(Collectors.toMap(
                                    file -> directory
                                            .relativize(file)
                                            .toString()
                                            .replace('\\', '/'),
                                    Digests::ofFile)))
                    .without(FILE);
        }
    }

    private Digests without(String file) {
        Map<String, String> others = new TreeMap<>(byFile);
        others.remove(file);
        return new Digests(others);
    }

    private static String ofFile(Path file) {
        try {
            return Sha256.hex(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code sha256sum} prints it. */
    String text() {
        return byFile.entrySet().stream()
                .map(entry -> entry.getValue() + "  " + entry.getKey() + "\n")
                .collect(Collectors.joining());
    }

    /** A short name for all of them together. */
    String version() {
        return Sha256.hex(text().getBytes(StandardCharsets.UTF_8)).substring(0, 12);
    }
}
