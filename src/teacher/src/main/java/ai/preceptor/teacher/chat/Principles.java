package ai.preceptor.teacher.chat;

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
import java.util.Random;

/**
 * What a model goes by where it judges, criticizes or revises: a constitution, of which one principle is drawn at a time. In
 * a file one a line; blank lines and lines that begin with {@code #} are none. Source: Bai et al. 2022, Constitutional AI,
 * arXiv:2212.08073, sections 3.1 and 4.1.
 *
 * @param texts at least one, none blank; copied
 */
public record Principles(List<String> texts) {
    private static final int HEX_DIGITS = 15;

    /** @throws IllegalArgumentException if there is none, or one is blank */
    public Principles {
        texts = List.copyOf(texts);
        if (texts.isEmpty() || texts.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("principles: received " + texts + ", expected at least one, none blank");
        }
    }

    /**
     * The program's own.
     *
     * @param owner a class beside whose name the resource lies
     * @param resource the file's name, such as {@code principles.txt}
     */
    public static Principles standard(Class<?> owner, String resource) {
        try (InputStream in = Objects.requireNonNull(owner.getResourceAsStream(resource), resource)) {
            return parse(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A user's own.
     *
     * @throws ConfigurationException if the file cannot be read, has none, or one has a place of a template
     */
    public static Principles read(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new ConfigurationException("principles " + file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Principles parse(String name, String text) {
        List<String> lines = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        if (lines.isEmpty()) {
            throw new ConfigurationException("principles " + name + ": expected one a line, found none");
        }
        for (String line : lines) {
            if (line.contains("{{")) {
                throw new ConfigurationException(
                        "principles " + name + ": expected plain text, found {{ in \"" + line + "\"");
            }
        }
        return new Principles(lines);
    }

    /** SHA-256 of the texts in their order, as 64 hexadecimal digits. */
    public String digest() {
        Sha256 digest = new Sha256();
        texts.forEach(text -> digest.add(text + '\0'));
        return digest.hex();
    }

    /** One, drawn uniformly. */
    public String drawn(Random random) {
        return texts.get(random.nextInt(texts.size()));
    }

    /** The one for a prompt, which depends on the seed and the prompt alone, in a resumed run too. */
    public String of(long seed, String prompt) {
        String digest = Sha256.of(seed + "\n" + prompt).substring(0, HEX_DIGITS);
        return texts.get((int) (Long.parseLong(digest, 16) % texts.size()));
    }
}
