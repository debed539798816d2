package ai.preceptor.rollout.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Weights that are nothing but their version, and some megabytes. */
public final class FakeWeights implements WeightsPublisher {
    private static final String FILE = "weights";

    private final Path home;
    private final int padding;

    public FakeWeights(Path home, int padding) {
        this.home = home;
        this.padding = padding;
    }

    @Override
    public Path publish(long version) {
        try {
            Path directory = Files.createDirectories(home.resolve("v" + version));
            Files.writeString(directory.resolve(FILE), version + "\n" + "x".repeat(padding));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static long read(Path directory) {
        try (var lines = Files.lines(directory.resolve(FILE))) {
            return Long.parseLong(lines.findFirst().orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {}
}
