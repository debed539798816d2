package ai.preceptor.train.run;

import ai.preceptor.data.OutputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Writes files and directories so that a reader sees them whole or not at all: aside as {@code NAME.tmp}, forced to the
 * disk, renamed. What a kill leaves behind ends in {@code .tmp} and is removed when the run is opened again.
 */
final class RunFiles {

    static final String ASIDE = ".tmp";

    /** Fills a directory with files. */
    @FunctionalInterface
    interface Filler {
        void fill(Path directory) throws IOException;
    }

    /** Replaces {@code target} by {@code text}. */
    void write(Path target, String text) {
        Path aside = aside(target);
        try {
            Files.writeString(aside, text, StandardCharsets.UTF_8);
            force(aside);
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            force(parent(target));
        } catch (IOException e) {
            throw fault(target, e);
        }
    }

    /** Makes the directory {@code target}, which does not exist yet, of what {@code filler} writes. */
    void writeDirectory(Path target, Filler filler) {
        Path aside = aside(target);
        try {
            delete(aside);
            Files.createDirectories(aside);
            filler.fill(aside);
            forceTree(aside);
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
            force(parent(target));
        } catch (IOException e) {
            discard(aside, e);
            throw fault(target, e);
        } catch (UncheckedIOException e) {
            discard(aside, e);
            throw fault(target, Objects.requireNonNull(e.getCause()));
        } catch (RuntimeException e) {
            discard(aside, e);
            throw e;
        }
    }

    /** Makes {@code directory} and what is missing above it; it may be there already. */
    void createDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw new OutputException(directory, "is a file, not a directory", e);
        } catch (IOException e) {
            throw fault(directory, e);
        }
    }

    /** Removes a directory so that a kill half-way leaves none under its name. */
    void remove(Path directory) {
        Path aside = aside(directory);
        try {
            delete(aside);
            Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
            delete(aside);
        } catch (IOException e) {
            throw fault(directory, e);
        }
    }

    /** Removes what an interrupted write has left in {@code directory}. */
    void sweep(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try {
            for (Path entry : list(directory)) {
                if (entry.toString().endsWith(ASIDE)) {
                    delete(entry);
                }
            }
        } catch (IOException e) {
            throw fault(directory, e);
        }
    }

    /** The entries of {@code directory} in the order of their names. */
    List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    /** What the failed writing or reading of {@code path} means, in words. */
    OutputException fault(Path path, IOException cause) {
        String reason = cause.getMessage();
        if (cause instanceof FileSystemException named && named.getReason() != null) {
            reason = named.getReason();
        }
        boolean full = reason != null && reason.toLowerCase(Locale.ROOT).contains("no space left");
        String advice = full ? "; free some space and go on with resume=true" : "";
        return new OutputException(path, (reason == null ? cause.getClass().getSimpleName() : reason) + advice, cause);
    }

    private static Path aside(Path target) {
        return target.resolveSibling(target.getFileName() + ASIDE);
    }

    private static Path parent(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? path.toAbsolutePath() : parent;
    }

    private void discard(Path aside, Exception because) {
        try {
            delete(aside);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> walk = Files.walk(tree)) {
            deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }

    private static void forceTree(Path tree) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(tree)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            force(path);
        }
    }

    /** Waits until {@code path} is on the disk. Windows cannot open a directory for this, and need not. */
    private static void force(Path path) throws IOException {
        boolean directory = Files.isDirectory(path);
        if (directory && System.getProperty("os.name", "").startsWith("Windows")) {
            return;
        }
        try (FileChannel channel =
                FileChannel.open(path, directory ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
