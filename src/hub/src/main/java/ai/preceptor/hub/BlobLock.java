package ai.preceptor.hub;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.IoReason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** One process and one thread at a time downloads a blob. The file of the lock stays, as huggingface_hub leaves it. */
final class BlobLock implements AutoCloseable {
    private static final long POLL_MILLIS = 50;

    private final FileChannel channel;
    private final FileLock lock;

    private BlobLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /** Waits for it. */
    static BlobLock acquire(Path file) {
        HubCache.makeDirectories(file);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                @Nullable FileLock lock = tried(channel);
                while (lock == null) {
                    Thread.sleep(POLL_MILLIS);
                    lock = tried(channel);
                }
                return new BlobLock(channel, lock);
            } catch (IOException | RuntimeException | InterruptedException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new OutputException(file, "cannot be locked: " + IoReason.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubException("interrupted while another process downloads the same file", e);
        }
    }

    /** Null while another process, or another thread of this one, has it. */
    private static @Nullable FileLock tried(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException anotherThread) {
            return null;
        }
    }

    @Override
    public void close() {
        try (channel) {
            lock.release();
        } catch (IOException e) {
            throw new HubException("a lock cannot be released: " + e.getMessage(), e);
        }
    }
}
