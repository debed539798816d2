package ai.preceptor.data.source;

import ai.preceptor.data.DataException;
import ai.preceptor.data.files.IoReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** Reads a file line by line in bounded memory, counts the lines, and checks that they are UTF-8. */
public final class LineReader implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_LINE = 1 << 26;

    private final Path file;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int position;
    private int limit;
    private long number;
    private long start;
    private long next;
    private boolean terminated;

    private LineReader(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /**
     * Opens a text file, gzip or not.
     *
     * @throws DataException if it is missing, unreadable, or not text
     */
    public static LineReader open(Path file) {
        return new LineReader(file, InputFiles.open(file, JsonLines.NAME));
    }

    /**
     * Goes to the next line.
     *
     * @return false at the end of the file
     * @throws DataException if the file cannot be read on, or a line is longer than 64 MiB
     */
    public boolean advance() {
        line.reset();
        terminated = false;
        while (!terminated && fill()) {
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            line.write(buffer, position, end - position);
            terminated = end < limit;
            position = terminated ? end + 1 : end;
            if (!terminated && line.size() > LONGEST_LINE) {
                throw DataException.at(file, number + 1, "expected JSON lines, found a line longer than 64 MiB");
            }
        }
        boolean found = terminated || line.size() > 0;
        number += found ? 1 : 0;
        start = next;
        next += line.size() + (terminated ? 1 : 0);
        return found;
    }

    private boolean fill() {
        if (position < limit) {
            return true;
        }
        try {
            limit = Math.max(0, in.read(buffer));
            position = 0;
            return limit > 0;
        } catch (IOException e) {
            throw new DataException(file + ":" + (number + 1) + ": cannot be read on: " + InputFiles.readFailure(e), e);
        }
    }

    /** Number of the current line, from 1. */
    public long number() {
        return number;
    }

    /** Where the current line begins, in bytes of the unpacked file. */
    public long start() {
        return start;
    }

    /** True if the current line ends with a line feed; only the last one of a file may not. */
    public boolean terminated() {
        return terminated;
    }

    /** True if there is nothing but white space in the current line. */
    public boolean blank() {
        for (byte value : line.toByteArray()) {
            if (value != ' ' && value != '\t' && value != '\r') {
                return false;
            }
        }
        return true;
    }

    /**
     * The current line without its end ({@code \n} or {@code \r\n}).
     *
     * @throws RowException if it is not UTF-8
     */
    public String text() throws RowException {
        byte[] bytes = line.toByteArray();
        int length = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer from = ByteBuffer.wrap(bytes, 0, length);
        CharBuffer to = CharBuffer.allocate(length);
        CoderResult result = decoder.decode(from, to, true);
        if (result.isError()) {
            throw new RowException(String.format(
                    Locale.ROOT,
                    "expected UTF-8, found byte 0x%02x at byte %d of the line",
                    bytes[from.position()] & 0xff,
                    from.position() + 1));
        }
        return to.flip().toString();
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new DataException(file + ": cannot be closed: " + IoReason.of(e), e);
        }
    }
}
