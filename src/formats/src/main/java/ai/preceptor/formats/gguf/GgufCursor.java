package ai.preceptor.formats.gguf;

import ai.preceptor.data.DataException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A place in a file's header. It never reads past the end; its errors have the byte's position. */
final class GgufCursor {
    private final Path path;
    private final ByteBuffer bytes;

    /**
     * At the start of the bytes.
     *
     * @param path for messages
     * @param bytes little-endian, from the file's first byte
     */
    GgufCursor(Path path, ByteBuffer bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    /** Another cursor over the same file. */
    GgufCursor at(long position) {
        ByteBuffer other = bytes.duplicate().order(bytes.order());
        other.position(Math.toIntExact(position));
        return new GgufCursor(path, other);
    }

    int position() {
        return bytes.position();
    }

    int int32(String what) {
        return (int) number(4, what);
    }

    /** A little-endian two's complement number of so many bytes, at most 8. */
    long number(int size, String what) {
        need(size, what);
        long value = 0;
        for (int shift = 0; shift < 8 * size; shift += 8) {
            value |= (bytes.get() & 255L) << shift;
        }
        int unused = 64 - 8 * size;
        return value << unused >> unused;
    }

    /**
     * A number of things that follow.
     *
     * @param least bytes that each of them takes at least; more things than would fit the file are refused
     */
    int count(String what, int least) {
        int at = bytes.position();
        long count = number(8, what);
        if (count < 0 || count > bytes.remaining() / least) {
            throw broken(
                    at,
                    what + " reads " + Long.toUnsignedString(count) + ", but the " + bytes.remaining()
                            + " bytes that follow hold at most " + bytes.remaining() / least);
        }
        return (int) count;
    }

    /** A string: its length, then UTF-8. */
    String string(String what) {
        int length = count("the length of " + what, 1);
        int at = bytes.position();
        ByteBuffer text = bytes.slice(at, length);
        skip(length, what);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException notUtf8) {
            throw broken(at, what + " is not UTF-8 text", notUtf8);
        }
    }

    void skip(long length, String what) {
        need(length, what);
        bytes.position(bytes.position() + (int) length);
    }

    private void need(long length, String what) {
        if (length > bytes.remaining()) {
            throw broken(
                    bytes.position(),
                    what + " takes " + length + " bytes, but only " + bytes.remaining() + " follow: it is truncated");
        }
    }

    DataException broken(long position, String what) {
        return DataException.in(path, "byte " + position + ": " + what);
    }

    DataException broken(long position, String what, Exception cause) {
        return new DataException(path + ": byte " + position + ": " + what, cause);
    }
}
