package ai.preceptor.rollout.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link WireWriter} wrote; the input is not trusted. Nothing is allocated before the bytes for it are known to
 * be present, and a message has at most {@link #MAX_ELEMENTS} list elements, so its memory is a small multiple of its
 * length.
 */
final class WireReader {
    /** Elements of all lists of a message together. */
    static final int MAX_ELEMENTS = 1 << 18;

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST_NUMBER = 70;

    private final Buffer bytes;
    private int position;
    private int parts;

    WireReader(Buffer bytes) {
        this.bytes = bytes;
    }

    int tag() {
        require(1, 1);
        return bytes.getUnsignedByte(position++);
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < LONGEST_NUMBER; shift += 7) {
            int next = tag();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw problem("a number of more than ten bytes");
    }

    /** A number that must be an int of 0 or more. */
    int count() {
        long value = number();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw problem("expected a count, found " + value);
        }
        return (int) value;
    }

    long bits() {
        require(1, Long.BYTES);
        position += Long.BYTES;
        return bytes.getLong(position - Long.BYTES);
    }

    double real() {
        return Double.longBitsToDouble(bits());
    }

    String text() {
        int length = count();
        require(length, 1);
        ByteBuffer utf8 = ByteBuffer.wrap(bytes.getBytes(position, position + length));
        position += length;
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw problem("a text that is not UTF-8");
        }
    }

    byte[] bytes() {
        int length = count();
        require(length, 1);
        position += length;
        return bytes.getBytes(position - length, position);
    }

    int[] ints() {
        int length = count();
        require(length, 1);
        int[] values = new int[length];
        for (int i = 0; i < length; i++) {
            values[i] = Math.toIntExact(number());
        }
        return values;
    }

    float[] floats() {
        int length = count();
        require(length, Float.BYTES);
        float[] values = new float[length];
        for (int i = 0; i < length; i++, position += Float.BYTES) {
            values[i] = bytes.getFloat(position);
        }
        return values;
    }

    Map<String, @Nullable Object> json() {
        String text = text();
        if (text.isEmpty()) {
            return Map.of();
        }
        try {
            Map<String, @Nullable Object> values =
                    JSON.readValue(text, new TypeReference<LinkedHashMap<String, @Nullable Object>>() {});
            if (values == null) {
                throw problem("columns that are null");
            }
            return values;
        } catch (JsonProcessingException e) {
            throw problem("columns that are not JSON object");
        }
    }

    <T> List<T> list(Function<WireReader, T> each) {
        int length = count();
        require(length, 1);
        parts += length;
        if (parts > MAX_ELEMENTS) {
            throw problem("more than " + MAX_ELEMENTS + " parts");
        }
        List<T> values = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            values.add(each.apply(this));
        }
        return Collections.unmodifiableList(values);
    }

    /** An enum constant by its ordinal. */
    <E extends Enum<E>> E constant(Class<E> type) {
        int ordinal = tag();
        E[] all = type.getEnumConstants();
        if (ordinal >= all.length) {
            throw problem("expected a " + type.getSimpleName() + " below " + all.length + ", found " + ordinal);
        }
        return all[ordinal];
    }

    /** Checks that all bytes were read. */
    void end() {
        if (position != bytes.length()) {
            throw problem(bytes.length() - position + " bytes beyond the message's end");
        }
    }

    private void require(int count, int width) {
        if ((long) count * width > bytes.length() - position) {
            throw problem("expected " + (long) count * width + " more bytes, found " + (bytes.length() - position));
        }
    }

    WireException problem(String what) {
        return new WireException("message: at byte " + position + ": " + what);
    }
}
