package ai.preceptor.rollout.worker;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.wire.FileRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The published weights that workers fetch. One thread publishes at a time; any thread may read meanwhile without waiting
 * for it, and reads what is published at that time.
 */
final class WeightsStore {
    /** Sent at a time, in bytes. */
    static final int PART = 4 << 20;

    private final WeightsPublisher publisher;
    /** Newest first, then the version that a worker may still be fetching. */
    private volatile List<Published> published = List.of();

    WeightsStore(WeightsPublisher publisher) {
        this.publisher = publisher;
    }

    private record Published(long version, Path directory, ActorMessage.Manifest manifest) {}

    /** Publishes the learner's current weights. */
    void publish(long version) {
        List<Published> newest = published.stream().limit(1).toList();
        published = newest; // the publisher may delete the older files now
        Path directory = publisher.publish(version);
        List<ActorMessage.WeightsFile> files = new ArrayList<>();
        try (Stream<Path> listed = Files.list(directory)) {
            for (Path file : listed.sorted().toList()) {
                files.add(new ActorMessage.WeightsFile(file.toFile().getName(), Files.size(file), sha256(file)));
            }
        } catch (IOException e) {
            throw new OutputException(directory, "cannot be read: " + e.getMessage(), e);
        }
        Published next = new Published(version, directory, new ActorMessage.Manifest(List.copyOf(files)));
        published = Stream.concat(Stream.of(next), newest.stream()).toList();
    }

    /** Files of a version; does not block. */
    ActorMessage.Manifest manifest(long version) {
        return of(version).manifest();
    }

    /** A part of a file; does not block, it is read when it is sent. */
    FileRange read(ActorMessage.Fetch wanted) {
        Published of = of(wanted.version());
        // Only listed files: a name is not a path.
        ActorMessage.WeightsFile file = of.manifest().files().stream()
                .filter(one -> one.name().equals(wanted.file()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("weights: there is no such file"));
        if (wanted.from() < 0) {
            throw new IllegalArgumentException("weights: from byte " + wanted.from() + ", legal: 0 or more");
        }
        int length = (int) Math.max(0, Math.min(PART, file.bytes() - wanted.from()));
        return new FileRange(of.directory().resolve(file.name()), wanted.from(), length);
    }

    private Published of(long version) {
        return published.stream()
                .filter(one -> one.version() == version)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("weights: version " + version + " is not there"));
    }

    static String sha256(Path file) throws IOException {
        return Sha256.of(file);
    }
}
