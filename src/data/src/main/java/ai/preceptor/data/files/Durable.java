package ai.preceptor.data.files;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces written data to the disk. Uses the plain file classes, since channels are closed by an interrupt of their
 * thread, and an interrupted run has to save its state.
 */
final class Durable {
    private static final Logger LOG = LoggerFactory.getLogger(Durable.class);
    private static final int BUFFER = 1 << 16;

    private Durable() {}

    static OutputStream stream(Path file) throws IOException {
        return new BufferedOutputStream(new FileOutputStream(file.toFile()), BUFFER);
    }

    /** @throws FileSystemException also if the file is gone: it must not be made again, without what was written */
    static void force(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new FileSystemException(
                    file.toString(), null, "the temporary file " + file.getFileName() + " was removed by somebody");
        }
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.getFD().sync();
        }
    }

    static void forceTree(Path root) throws IOException {
        for (Path path : tree(root)) {
            if (Files.isRegularFile(path)) {
                force(path);
            }
        }
    }

    /** A file, or a directory and all that is in it, each directory before its entries. */
    static List<Path> tree(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Forces the rename of an entry. Some systems cannot open directories; there the rename alone must do. */
    static void forceDirectory(Path entry) {
        Path parent = entry.getParent();
        if (parent == null) {
            return;
        }
        try (FileChannel directory = FileChannel.open(parent, StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException e) {
            LOG.debug("{}: the directory cannot be forced to the disk", parent, e);
        }
    }
}
