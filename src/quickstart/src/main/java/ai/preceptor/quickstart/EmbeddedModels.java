package ai.preceptor.quickstart;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.data.files.UserCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The models and prompts that come with the program. Where a path is asked for, {@code embedded:teacher}, {@code
 * embedded:student}, {@code embedded:judge}, {@code embedded:prompts} and {@code embedded:heldout-prompts} name them, and
 * {@code embedded:judge-MODE} the words in which the judge is asked; they are unpacked on first
 * use, below a directory that bears their version, and checked against their digests on every use.
 */
public final class EmbeddedModels {
    /** What a value that names one of them begins with. */
    public static final String PREFIX = "embedded:";

    private final Path directory;

    /** @param directory where to unpack; made when missing */
    public EmbeddedModels(Path directory) {
        this.directory = directory;
    }

    /** Unpacks into the user's cache: {@code $XDG_CACHE_HOME/preceptor}, or {@code .cache/preceptor} at home. */
    public static EmbeddedModels inUserCache() {
        return new EmbeddedModels(UserCache.directory());
    }

    /** What can be named, with its place among the files. */
    private enum Item {
        TEACHER("teacher"),
        STUDENT("student"),
        JUDGE("judge"),
        PROMPTS("prompts.jsonl"),
        HELDOUT_PROMPTS("heldout-prompts.jsonl"),
        JUDGE_PROBABILITY("judge-probability.txt"),
        JUDGE_SCORE("judge-score.txt"),
        JUDGE_YES_NO("judge-yes_no.txt");

        private final String path;

        Item(String path) {
            this.path = path;
        }

        private String value() {
            return PREFIX + path.replaceFirst("\\.[a-z]+$", "");
        }

        private boolean holds(String file) {
            return file.equals(path) || file.startsWith(path + "/");
        }
    }

    /** Everything that can be named. */
    public static List<String> values() {
        return Arrays.stream(Item.values()).map(Item::value).toList();
    }

    /** Whether a configured value names something embedded. */
    public static boolean isEmbedded(String value) {
        return value.startsWith(PREFIX);
    }

    /**
     * The path of a configured value.
     *
     * @param value one of the names, which is unpacked if need be, or a path, which stays as it is
     * @throws ConfigurationException when it begins with {@code embedded:} and nothing has that name
     * @throws ai.preceptor.data.OutputException when it cannot be unpacked
     */
    public Path resolve(String value) {
        if (!isEmbedded(value)) {
            return Path.of(value);
        }
        Item item = Arrays.stream(Item.values())
                .filter(known -> known.value().equals(value))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        "\"" + value + "\" is not embedded; there are " + String.join(", ", values())));
        return unpack(item);
    }

    private Path unpack(Item item) {
        try {
            Digests digests = Digests.parse(new String(resource(Digests.FILE), StandardCharsets.UTF_8));
            Path root = directory.resolve("embedded-" + digests.version());
            for (Map.Entry<String, String> file : digests.byFile().entrySet()) {
                if (item.holds(file.getKey())) {
                    unpack(root, file.getKey(), file.getValue());
                }
            }
            return root.resolve(item.path);
        } catch (IOException e) {
            throw new UncheckedIOException("the program's own resources cannot be read", e);
        }
    }

    /** File by file, so that a process that already uses them is not disturbed. */
    private static void unpack(Path root, String name, String digest) throws IOException {
        Path file = root.resolve(name);
        if (Files.isRegularFile(file) && Sha256.of(file).equals(digest)) {
            return;
        }
        byte[] content = resource(name);
        if (!Sha256.of(content).equals(digest)) {
            throw new IOException("resource " + name + " is not what " + Digests.FILE + " says");
        }
        AtomicFiles.requireWritable(file.resolveSibling(""));
        AtomicFiles.write(file, out -> out.write(content));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = EmbeddedModels.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IOException("resource " + name + " is missing");
            }
            return stream.readAllBytes();
        }
    }
}
