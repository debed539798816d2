package ai.preceptor.lm.files;

import ai.preceptor.data.OutputException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/**
 * A file that appears whole or not at all: written under a name of its own beside the target, forced to the device,
 * then renamed over it.
 *
 * <p>A plain output stream is used on purpose: a file channel is closed by a thread's interrupt, and the moment a run
 * is interrupted is exactly when it saves.
 */
public final class AsideFile {
    private AsideFile() {}

    /** What is written; may throw any I/O error, which leaves the target as it was. */
    @FunctionalInterface
    public interface Body {
        /**
         * Writes the whole content.
         *
         * @param out the stream, not to be closed
         * @throws IOException when the content cannot be written
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file aside and renames it.
     *
     * @param target the file to create or replace; missing parent directories are created
     * @param body writes the content, once
     * @throws OutputException naming the target and the reason when it could not be written (disk full, no permission);
     *     an earlier file of that name is then untouched and nothing is left beside it
     */
    public static void write(Path target, Body body) {
        Path absolute = target.toAbsolutePath();
        Path folder = Objects.requireNonNull(absolute.getParent(), "the root of a file system is no file");
        Path aside = absolute.resolveSibling(
                "." + absolute.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            Files.createDirectories(folder);
            try (FileOutputStream out = new FileOutputStream(aside.toFile())) {
                body.writeTo(out);
                out.getFD().sync();
            }
            rename(aside, absolute);
        } catch (IOException failure) {
            throw new OutputException(target, "cannot be written: " + reason(failure), discard(aside, failure));
        } catch (RuntimeException failure) {
            discard(aside, failure);
            throw failure;
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException unsupported) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static <E extends Exception> E discard(Path aside, E failure) {
        try {
            Files.deleteIfExists(aside);
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
        return failure;
    }

    /** The system's words for an I/O failure, without the path that most of them repeat. */
    static String reason(IOException failure) {
        if (failure instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        String kind = failure.getClass().getSimpleName();
        return failure.getMessage() == null ? kind : kind + ": " + failure.getMessage();
    }
}
