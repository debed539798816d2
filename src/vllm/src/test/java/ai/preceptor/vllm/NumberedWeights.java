package ai.preceptor.vllm;

import ai.preceptor.rollout.worker.WeightsPublisher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Weights of {@link FakeVllm}: version v is the number {@link FakeVllm#STARTED} + v. */
record NumberedWeights(Path home) implements WeightsPublisher {
    static int number(long version) {
        return FakeVllm.STARTED + (int) version;
    }

    @Override
    public Path publish(long version) {
        try {
            Path directory = home.resolve("version-" + version);
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("weights"), String.valueOf(number(version)));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {}
}
