package ai.preceptor.rollout.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Writes the fields of a message: numbers as LEB128, everything else with its length first. */
final class WireWriter {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SEVEN_BITS = 0x7F;

    private final Buffer bytes = Buffer.buffer();

    /** The bytes written so far. */
    Buffer bytes() {
        return bytes;
    }

    WireWriter tag(int value) {
        bytes.appendByte((byte) value);
        return this;
    }

    /** An enum constant by its ordinal; the format's version is raised when ordinals change. */
    @SuppressWarnings("EnumOrdinal")
    WireWriter constant(Enum<?> value) {
        return tag(value.ordinal());
    }

    /** A number that is usually small and not negative. */
    WireWriter number(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~SEVEN_BITS) != 0) {
            bytes.appendByte((byte) ((rest & SEVEN_BITS) | 0x80));
            rest >>>= 7;
        }
        bytes.appendByte((byte) rest);
        return this;
    }

    /** A number with random bits, such as a seed. */
    WireWriter bits(long value) {
        bytes.appendLong(value);
        return this;
    }

    WireWriter real(double value) {
        bytes.appendDouble(value);
        return this;
    }

    WireWriter text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        bytes.appendBytes(utf8);
        return this;
    }

    WireWriter bytes(byte[] value) {
        number(value.length);
        bytes.appendBytes(value);
        return this;
    }

    WireWriter ints(int[] values) {
        number(values.length);
        for (int value : values) {
            number(value);
        }
        return this;
    }

    WireWriter floats(float[] values) {
        number(values.length);
        for (float value : values) {
            bytes.appendFloat(value);
        }
        return this;
    }

    /** A map of JSON values. */
    WireWriter json(Map<String, @Nullable Object> values) {
        try {
            return values.isEmpty() ? text("") : text(JSON.writeValueAsString(values));
        } catch (JsonProcessingException e) {
            throw new WireException("columns that are not JSON: " + values.keySet(), e);
        }
    }

    <T> WireWriter list(Collection<T> values, BiConsumer<WireWriter, T> each) {
        number(values.size());
        values.forEach(value -> each.accept(this, value));
        return this;
    }
}
