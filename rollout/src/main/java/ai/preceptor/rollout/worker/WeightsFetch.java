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
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a version of the weights from the learner: several parts at once, into a temporary directory that is renamed when
 * the digests match. Blocks, so it must not be called on the context on which answers arrive. For one thread.
 */
final class WeightsFetch implements AutoCloseable {
    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(2);

    /** Parts in flight; the learner reads the next while one is sent and one is written. */
    private static final int AT_ONCE = 4;

    private static final int SLICE = 1 << 18;

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
            Deque<Coming> coming = new ArrayDeque<>();
            Deque<byte[]> free = new ArrayDeque<>();
            for (int i = 0; i < AT_ONCE; i++) {
                free.add(new byte[(int) Math.min(WeightsStore.PART, file.bytes())]);
            }
            long asked = 0;
            long written = 0;
            while (written < file.bytes()) {
                while (asked < file.bytes() && !free.isEmpty()) {
                    coming.add(askFor(new ActorMessage.Fetch(version, file.name(), asked), free.remove()));
                    asked += WeightsStore.PART;
                }
                Coming next = coming.remove();
                int found = next.asked().answer().bytes();
                long expected = Math.min(WeightsStore.PART, file.bytes() - written);
                if (found != expected) {
                    throw new TeacherException("weights: " + file.name() + ": received " + found + " bytes at byte "
                            + written + " of " + file.bytes() + ", expected " + expected);
                }
                add(next.part(), found, digest, out);
                written += found;
                free.add(next.part());
            }
        }
        String found = digest.hex();
        if (!found.equals(file.sha256())) {
            throw new TeacherException(
                    "weights: " + file.name() + ": received SHA-256 " + found + ", expected " + file.sha256());
        }
    }

    /** In slices, so that what the digest has read is still in the processor's cache when it is written. */
    private static void add(byte[] part, int length, Sha256 digest, OutputStream out) throws IOException {
        for (int at = 0; at < length; at += SLICE) {
            int slice = Math.min(SLICE, length - at);
            digest.add(ByteBuffer.wrap(part, at, slice));
            out.write(part, at, slice);
        }
    }

    private <R> Asked<R> ask(ActorMessage<R> request) {
        return new Asked<>(request, Awaited.of(learner.ask(request, LONGEST_ANSWER)));
    }

    private Coming askFor(ActorMessage.Fetch request, byte[] part) {
        return new Coming(new Asked<>(request, Awaited.of(learner.askInto(request, part, LONGEST_ANSWER))), part);
    }

    /** A part that has been asked for, and the array that it comes into. */
    private record Coming(Asked<ActorMessage.Fetched> asked, byte[] part) {}

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
