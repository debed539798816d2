package ai.preceptor.dashboard.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads the lines that were added to a file since the last time. A last line without its line feed is left for later. A
 * file that shrank, or whose bytes before the place reached are others now, is read from its start again: a run that is
 * resumed cuts its logs.
 */
final class LineTail {
    private static final int BLOCK = 1 << 18;
    private static final int LONGEST = 1 << 20;
    private static final int GUARD = 64;

    private final RunFolder folder;
    private final String file;
    private long offset;
    private byte[] before = new byte[0];

    /** Hears what was read. */
    interface Reader {
        /** All lines that came before count no more. */
        void restart();

        /** A line, without its line feed. */
        void line(byte[] text);
    }

    LineTail(RunFolder folder, String file) {
        this.folder = folder;
        this.file = file;
    }

    /**
     * Reads on.
     *
     * @param budget most bytes to read, roughly
     * @return whether there is more to read now
     */
    boolean read(Reader reader, long budget) throws IOException {
        Optional<SeekableByteChannel> found = folder.open(file);
        if (found.isEmpty()) {
            restart(reader);
            return false;
        }
        try (SeekableByteChannel channel = found.get()) {
            if (channel.size() < offset || !isSame(channel)) {
                restart(reader);
            }
            return lines(channel, reader, budget);
        }
    }

    private void restart(Reader reader) {
        if (offset > 0) {
            offset = 0;
            before = new byte[0];
            reader.restart();
        }
    }

    private boolean isSame(SeekableByteChannel channel) throws IOException {
        return Arrays.equals(before, bytes(channel, offset - before.length, before.length));
    }

    private boolean lines(SeekableByteChannel channel, Reader reader, long budget) throws IOException {
        long end = Math.min(channel.size(), offset + budget);
        int block = BLOCK;
        while (offset < end) {
            byte[] bytes = bytes(channel, offset, (int) Math.min(block, channel.size() - offset));
            int used = wholeLines(bytes, reader);
            if (used > 0) {
                advance(bytes, used);
                block = BLOCK;
            } else if (bytes.length >= LONGEST) {
                advance(bytes, bytes.length); // the rest of so long a line is no JSON and is passed over
            } else if (bytes.length < block) {
                return false; // the line is not there yet
            } else {
                block = LONGEST;
            }
        }
        return offset < channel.size();
    }

    private static int wholeLines(byte[] bytes, Reader reader) {
        int begin = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                if (i > begin) {
                    reader.line(Arrays.copyOfRange(bytes, begin, i));
                }
                begin = i + 1;
            }
        }
        return begin;
    }

    private void advance(byte[] bytes, int used) {
        offset += used;
        before = Arrays.copyOfRange(bytes, Math.max(0, used - GUARD), used);
    }

    /** Those at a place, fewer where the file ends. */
    static byte[] bytes(SeekableByteChannel channel, long from, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        channel.position(from);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // until it is full or the file ends
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }
}
