package ai.preceptor.teacher.correction;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.teacher.Draws;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What answers are criticized and revised by: a constitution. In a file one a line; empty lines and lines that begin with
 * {@code #} are none.
 *
 * @param all at least one; copied
 */
public record Principles(List<String> all) {

    /** @throws ConfigurationException if there is none */
    public Principles {
        all = List.copyOf(all);
        if (all.isEmpty()) {
            throw new ConfigurationException("principles: expected at least 1, found none");
        }
    }

    /** The program's own: helpful, true, sound, clear, harmless, fair. */
    public static Principles standard() {
        try (InputStream in = Objects.requireNonNull(Principles.class.getResourceAsStream("principles.txt"))) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A user's own.
     *
     * @throws ConfigurationException if the file cannot be read or has none
     */
    public static Principles read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new ConfigurationException("principles: " + file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Principles parse(String text) {
        return new Principles(text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList());
    }

    /**
     * The one for an answer, drawn uniformly.
     *
     * @param place of the answer among all, from 0
     * @param round of the revision, from 0
     */
    String drawn(long seed, int place, int round) {
        return all.get(Draws.of(seed, place, round).nextInt(all.size()));
    }
}
