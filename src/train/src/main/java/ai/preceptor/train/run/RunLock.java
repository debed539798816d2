package ai.preceptor.train.run;

import ai.preceptor.data.ConfigurationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The right to write a run directory: an operating-system lock on its {@code run.lock}, which ends with the process
 * that holds it, however that ends. The file stays; it marks a directory as a run's.
 */
final class RunLock implements AutoCloseable {

    static final String NAME = "run.lock";

    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock of {@code directory}.
     *
     * @throws ConfigurationException when another run holds it, or the directory cannot be written
     */
    static RunLock acquire(Path directory) {
        Path file = directory.resolve(NAME);
        try {
            return lock(directory, file);
        } catch (IOException e) {
            throw new ConfigurationException("output: cannot write in " + directory + ": " + e, e);
        }
    }

    private static RunLock lock(Path directory, Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
        try {
            if (tryLock(channel) == null) {
                throw new ConfigurationException("output: " + directory + " is being written by another run ("
                        + Files.readString(file).strip() + "); wait for it or choose another directory");
            }
            channel.truncate(0);
            String holder = "process " + ProcessHandle.current().pid() + "\n";
            channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)));
            return new RunLock(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Null when the lock is taken, by another process or by another run of this one. */
    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException takenInThisProcess) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
