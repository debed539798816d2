package ai.preceptor.run;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.rollout.worker.WeightsPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

/**
 * A student's published weights in files: with an adapter, the adapter's tensors only; otherwise all of them in the
 * element type they are computed in. The last two versions are kept.
 */
public final class PublishedWeights implements WeightsPublisher, GeneratorCopies.PublishedCopy {
    private static final int KEPT = 2;
    private static final String PREFIX = "preceptor-published-";

    private final LanguageModel trained;
    private final Path home;
    private final Deque<Path> kept = new ArrayDeque<>();
    private long version = -1;

    /**
     * In a new temporary directory, which other users cannot read.
     *
     * @param trained stays its owner's
     */
    public PublishedWeights(LanguageModel trained) {
        this.trained = trained;
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            this.home = Files.createTempDirectory(parent, PREFIX);
        } catch (IOException e) {
            throw new OutputException(parent, "cannot be written", e);
        }
    }

    /**
     * In a new directory of another, which is created. Who may read it is up to the process's umask, since servers may run as other users.
     *
     * @param trained stays its owner's
     */
    public PublishedWeights(LanguageModel trained, Path parent) {
        this.trained = trained;
        try {
            Files.createDirectories(parent);
            this.home = Files.createDirectory(parent.resolve(PREFIX + UUID.randomUUID()));
        } catch (IOException e) {
            throw new OutputException(parent, "cannot be written", e);
        }
    }

    @Override
    public synchronized Path publish(long newVersion) {
        if (newVersion <= version) {
            return kept.getLast();
        }
        Path target = home.resolve("version-" + newVersion);
        Path aside = home.resolve("version-" + newVersion + ".part");
        try {
            Files.createDirectory(aside);
            trained.parameters().torch().bindThread();
            trained.saveToSample(aside);
            Files.move(aside, target);
            kept.addLast(target);
            version = newVersion;
            if (kept.size() > KEPT) {
                AtomicFiles.deleteTree(kept.removeFirst());
            }
            return target;
        } catch (IOException e) {
            throw new OutputException(target, "cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void copyTo(LanguageModel model) {
        model.restore(kept.getLast());
    }

    @Override
    public synchronized void close() {
        try {
            AtomicFiles.deleteTree(home);
        } catch (IOException e) {
            throw new OutputException(home, "cannot be removed: " + e.getMessage(), e);
        }
    }
}
