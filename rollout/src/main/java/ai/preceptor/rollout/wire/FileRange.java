package ai.preceptor.rollout.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Part of a file as an outcome's result. It is read when it is sent, by the connection's own thread, into the array that
 * {@link Connection#askInto} was given: without copies, and without garbage that grows with the file.
 *
 * @param file to read
 * @param from its first byte
 * @param length in bytes
 */
public record FileRange(Path file, long from, int length) {
    /** Read at a time: what was read is still in the processor's cache when it is copied. */
    private static final int SLICE = 1 << 18;

    /** Reads it to the array's beginning. */
    void read(byte[] into) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            int done = 0;
            while (done < length) {
                ByteBuffer slice = ByteBuffer.wrap(into, done, Math.min(SLICE, length - done));
                int count = channel.read(slice, from + done);
                if (count < 0) {
                    throw new EOFException("it became shorter");
                }
                done += count;
            }
        }
    }
}
