package ai.preceptor.rollout.worker;

import ai.preceptor.data.TeacherException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Awaited;
import ai.preceptor.rollout.message.Outcome;
import ai.preceptor.rollout.wire.Connection;
import ai.preceptor.rollout.wire.WireException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a version of the weights from the learner: several chunks at once, into a temporary directory that is renamed when
 * the digests match. Blocks, so it must not be called on the context on which answers arrive. For one thread.
 */
final class WeightsFetch implements AutoCloseable {
    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(2);

    /** Chunks in flight; the learner reads the next while one is sent and one is written. */
    private static final int AT_ONCE = 4;

    private final Connection learner;
    private final Path directory;
    private @Nullable Path last;

    /** @param directory an empty directory, removed at the end */
    WeightsFetch(Connection learner, Path directory) {
        this.learner = learner;
        this.directory = directory;
    }

    /** The version's directory; those of earlier versions are deleted. */
    Path fetch(long version) {
        Path target = directory.resolve("version-" + version);
        Path partial = directory.resolve("version-" + version + ".part");
        try {
            AtomicFiles.deleteTree(partial);
            Files.createDirectory(partial);
            for (ActorMessage.WeightsFile file :
                    ask(new ActorMessage.ListWeights(version)).answer().files()) {
                write(version, file, partial.resolve(Path.of(file.name()).getFileName()));
            }
            AtomicFiles.deleteTree(target);
            Files.move(partial, target);
            if (last != null && !last.equals(target)) {
                AtomicFiles.deleteTree(last);
            }
            last = target;
            return target;
        } catch (IOException e) {
            throw new TeacherException("weights: version " + version + " cannot be written: " + e.getMessage(), e);
        }
    }

    private void write(long version, ActorMessage.WeightsFile file, Path to) throws IOException {
        Sha256 digest = new Sha256();
        try (OutputStream out = Files.newOutputStream(to)) {
            Deque<Asked<ActorMessage.Chunk>> coming = new ArrayDeque<>();
            long asked = 0;
            long written = 0;
            while (written < file.bytes()) {
                while (asked < file.bytes() && coming.size() < AT_ONCE) {
                    coming.add(ask(new ActorMessage.Fetch(version, file.name(), asked)));
                    asked += WeightsStore.CHUNK;
                }
                byte[] bytes = coming.remove().answer().bytes();
                long expected = Math.min(WeightsStore.CHUNK, file.bytes() - written);
                if (bytes.length != expected) {
                    throw new TeacherException("weights: " + file.name() + ": received " + bytes.length
                            + " bytes at byte " + written + " of " + file.bytes() + ", expected " + expected);
                }
                out.write(bytes);
                digest.add(bytes);
                written += bytes.length;
            }
        }
        String found = digest.hex();
        if (!found.equals(file.sha256())) {
            throw new TeacherException(
                    "weights: " + file.name() + ": received SHA-256 " + found + ", expected " + file.sha256());
        }
    }

    private <R> Asked<R> ask(ActorMessage<R> request) {
        return new Asked<>(request, Awaited.of(learner.ask(request, LONGEST_ANSWER)));
    }

    /** A pending request. */
    private record Asked<R>(ActorMessage<R> request, Awaited<Outcome<R>> coming) {
        R answer() {
            Outcome<R> outcome = coming.orThrow(LONGEST_ANSWER.multipliedBy(2));
            if (outcome instanceof Outcome.Done<R> done && request.fits(done.result())) {
                return done.result();
            }
            if (outcome instanceof Outcome.Failed<R> failed) {
                throw new IllegalStateException(failed.failure().reason());
            }
            throw new WireException("weights: the learner answered something else");
        }
    }

    @Override
    public void close() {
        try {
            AtomicFiles.deleteTree(directory);
        } catch (IOException e) {
            throw new TeacherException(directory + ": cannot be removed: " + e.getMessage(), e);
        }
    }
}
