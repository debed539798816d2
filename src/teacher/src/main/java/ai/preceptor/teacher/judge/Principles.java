package ai.preceptor.teacher.judge;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What a judge goes by. One is drawn for each prompt, as in Bai et al. 2022, Constitutional AI, arXiv:2212.08073, section
 * 4.1: it depends on the seed and the prompt alone, so all answers to a prompt are judged by the same one, also in a
 * resumed run.
 *
 * @param texts at least one, none blank
 * @param seed for drawing
 */
public record Principles(List<String> texts, long seed) {
    private static final int HEX_DIGITS = 15;

    /** @throws IllegalArgumentException if there is none, or one is blank */
    public Principles {
        texts = List.copyOf(texts);
        if (texts.isEmpty() || texts.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("principles: received " + texts + ", expected at least one, none blank");
        }
    }

    /** The program's own: correctness, then helpfulness, then clarity. */
    public static Principles standard() {
        try (InputStream in =
                Objects.requireNonNull(Principles.class.getResourceAsStream("principle.txt"), "principle.txt")) {
            return new Principles(List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Those of a file, one a line; blank lines and lines that start with {@code #} are left out.
     *
     * @throws ConfigurationException if it cannot be read, has none, or one has a place of a template
     */
    public static Principles read(Path file, long seed) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new ConfigurationException("principles " + file + ": cannot be read: " + e.getMessage(), e);
        }
        if (lines.isEmpty()) {
            throw new ConfigurationException("principles " + file + ": expected one a line, found none");
        }
        for (String line : lines) {
            if (line.contains("{{")) {
                throw new ConfigurationException(
                        "principles " + file + ": expected plain text, found {{ in \"" + line + "\"");
            }
        }
        return new Principles(lines, seed);
    }

    /** SHA-256 of the texts in their order, as 64 hexadecimal digits. */
    String digest() {
        Sha256 digest = new Sha256();
        texts.forEach(text -> digest.add(text + '\0'));
        return digest.hex();
    }

    /** The one for a prompt. */
    String of(String prompt) {
        String digest = Sha256.of(seed + "\n" + prompt).substring(0, HEX_DIGITS);
        return texts.get((int) (Long.parseLong(digest, 16) % texts.size()));
    }
}
