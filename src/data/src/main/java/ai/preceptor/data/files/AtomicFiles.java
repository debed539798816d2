package ai.preceptor.data.files;

import ai.preceptor.data.OutputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Writes files and directories to a temporary name, forces them to the disk, and renames them: a reader sees the
 * old or the new one, whole, whenever the process dies. A failure leaves the old one as it was.
 *
 * <p>Temporary files lie in the target's directory as {@code .NAME.HOST-PID-N.aside}; those of dead processes are
 * removed by the next write of the same target on the same host, in the same container. A target that is neither file nor
 * directory (a pipe, {@code /dev/stdout}) is written directly.
 */
public final class AtomicFiles {
    private AtomicFiles() {}

    /** Writes a file's content to a stream. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything; the stream is buffered and closed by the caller. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Makes a directory that is to be renamed. */
    @FunctionalInterface
    public interface Filler {
        /** Writes files into the directory at the path. */
        void fill(Path aside) throws IOException;
    }

    /**
     * Writes a file through a stream.
     *
     * @throws OutputException if it cannot be written
     */
    public static void write(Path file, Content content) {
        try {
            Path target = Files.isSymbolicLink(file) && Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            if (Files.exists(target) && !Files.isRegularFile(target) && !Files.isDirectory(target)) {
                fill(target, content);
            } else {
                SiblingTempPath.of(target).make(path -> fill(path, content), path -> replaceFile(path, target));
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static void fill(Path path, Content content) throws IOException {
        try (OutputStream out = Durable.stream(path)) {
            content.writeTo(out);
        }
    }

    /**
     * Writes a text file in UTF-8.
     *
     * @throws OutputException if it cannot be written
     */
    public static void writeString(Path file, String text) {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void replaceFile(Path aside, Path target) throws IOException {
        Durable.force(aside);
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        Durable.forceDirectory(target);
    }

    /**
     * Writes a directory. One that is already there is replaced as a whole; if the process dies
     * between the two renames that takes, neither name holds it, so what must survive belongs in
     * directories with names of their own ({@code step-N}).
     *
     * @param filler makes files in the empty directory it is given
     * @throws OutputException if it cannot be written
     */
    public static void directory(Path directory, Filler filler) {
        try {
            Path target = directory.toAbsolutePath();
            SiblingTempPath aside = SiblingTempPath.of(target);
            aside.make(
                    path -> {
                        Files.createDirectory(path);
                        filler.fill(path);
                    },
                    path -> replaceDirectory(aside, path, target));
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    private static void replaceDirectory(SiblingTempPath aside, Path path, Path target) throws IOException {
        Durable.forceTree(path);
        Path old = aside.nameForOld();
        boolean replacing = Files.exists(target);
        if (replacing && !Files.isDirectory(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        if (replacing) {
            Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (replacing) {
                Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
        Durable.forceDirectory(target);
        if (replacing) {
            deleteTree(old);
        }
    }

    /**
     * Makes sure that files can be written in a directory, before anything costly is done.
     *
     * @param directory made with its parents if missing
     * @throws OutputException if it cannot be made or written
     */
    public static void requireWritable(Path directory) {
        try {
            Files.createDirectories(directory);
            Path probe = SiblingTempPath.of(directory.toAbsolutePath().resolve("probe"))
                    .path();
            Files.writeString(probe, "probe");
            Files.delete(probe);
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    /** Removes a file, or a directory with all that is in it; nothing if there is neither. */
    public static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        List<Path> paths = new ArrayList<>(Durable.tree(root));
        Collections.reverse(paths);
        for (Path path : paths) {
            Files.delete(path);
        }
    }

    private static OutputException failed(Path path, IOException e) {
        String unchanged = Files.isRegularFile(path) || Files.isDirectory(path) ? "; what was there is unchanged" : "";
        return new OutputException(path, "cannot be written: " + IoReason.of(e) + unchanged, e);
    }
}
