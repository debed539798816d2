package ai.preceptor.rollout;

import ai.preceptor.data.AtomicFiles;
import ai.preceptor.data.TeacherException;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Gets a version of the weights from the learner: written aside, checked by its digest, renamed. Waits, so it must not be
 * called on the context that answers arrive on. For one thread.
 */
final class WeightsFetch implements AutoCloseable {
    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(2);

    private final SignedWire wire;
    private final Context context;
    private final String desk;
    private final Path home;
    private @Nullable Path last;

    /**
     * @param context where answers arrive
     * @param desk the learner's address
     * @param home an empty directory, removed at the end
     */
    WeightsFetch(SignedWire wire, Context context, String desk, Path home) {
        this.wire = wire;
        this.context = context;
        this.desk = desk;
        this.home = home;
    }

    /** The version's directory; those of versions before are gone then. */
    Path fetch(long version) {
        Path target = home.resolve("version-" + version);
        Path aside = home.resolve("version-" + version + ".part");
        try {
            AtomicFiles.deleteTree(aside);
            Files.createDirectory(aside);
            for (Order.WeightsFile file : ask(new Order.ListWeights(version)).files()) {
                write(version, file, aside.resolve(Path.of(file.name()).getFileName()));
            }
            AtomicFiles.deleteTree(target);
            Files.move(aside, target);
            if (last != null && !last.equals(target)) {
                AtomicFiles.deleteTree(last);
            }
            last = target;
            return target;
        } catch (IOException e) {
            throw new TeacherException("weights: version " + version + " cannot be written: " + e.getMessage(), e);
        }
    }

    private void write(long version, Order.WeightsFile file, Path to) throws IOException {
        try (OutputStream out = Files.newOutputStream(to)) {
            long from = 0;
            while (from < file.bytes()) {
                byte[] bytes = ask(new Order.Fetch(version, file.name(), from)).bytes();
                if (bytes.length == 0 || from + bytes.length > file.bytes()) {
                    throw new TeacherException("weights: " + file.name() + ": received " + bytes.length
                            + " bytes at byte " + from + " of " + file.bytes());
                }
                out.write(bytes);
                from += bytes.length;
            }
        }
        String found = WeightsShelf.sha256(to);
        if (!found.equals(file.sha256())) {
            throw new TeacherException(
                    "weights: " + file.name() + ": received SHA-256 " + found + ", expected " + file.sha256());
        }
    }

    private <R> R ask(Order<R> order) {
        Promise<Outcome<R>> answer = Promise.promise();
        context.runOnContext(none -> wire.ask(desk, order, LONGEST_ANSWER).onComplete(answer));
        Outcome<R> outcome = Awaited.of(answer.future()).orThrow(LONGEST_ANSWER.multipliedBy(2));
        if (outcome instanceof Outcome.Done<R> done && order.fits(done.result())) {
            return done.result();
        }
        if (outcome instanceof Outcome.Failed<R> failed) {
            throw new IllegalStateException(failed.failure().reason());
        }
        throw new WireException("weights: the learner answered something else");
    }

    @Override
    public void close() {
        try {
            AtomicFiles.deleteTree(home);
        } catch (IOException e) {
            throw new TeacherException(home + ": cannot be removed: " + e.getMessage(), e);
        }
    }
}
