package ai.preceptor.formats.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** GGUF files made by hand, so that they may be wrong. */
public final class GgufBytes {
    private static final int ALIGNMENT = 32;

    private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();
    private final ByteArrayOutputStream table = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private int pairCount;
    private int tensorCount;

    private GgufBytes key(String key, int kind) {
        string(pairs, key);
        int32(pairs, kind);
        pairCount++;
        return this;
    }

    public GgufBytes text(String key, String value) {
        key(key, 8);
        string(pairs, value);
        return this;
    }

    public GgufBytes uint32(String key, long value) {
        key(key, 4);
        int32(pairs, (int) value);
        return this;
    }

    public GgufBytes float32(String key, float value) {
        key(key, 6);
        int32(pairs, Float.floatToRawIntBits(value));
        return this;
    }

    public GgufBytes bool(String key, boolean value) {
        key(key, 7);
        pairs.write(value ? 1 : 0);
        return this;
    }

    public GgufBytes texts(String key, List<String> values) {
        key(key, 9);
        int32(pairs, 8);
        int64(pairs, values.size());
        values.forEach(value -> string(pairs, value));
        return this;
    }

    public GgufBytes ints(String key, int... values) {
        key(key, 9);
        int32(pairs, 5);
        int64(pairs, values.length);
        for (int value : values) {
            int32(pairs, value);
        }
        return this;
    }

    public GgufBytes floats(String key, float... values) {
        key(key, 9);
        int32(pairs, 6);
        int64(pairs, values.length);
        for (float value : values) {
            int32(pairs, Float.floatToRawIntBits(value));
        }
        return this;
    }

    /** @param dimensions outermost first */
    public GgufBytes tensor(String name, GgufType type, byte[] raw, long... dimensions) {
        string(table, name);
        int32(table, dimensions.length);
        for (int i = dimensions.length - 1; i >= 0; i--) {
            int64(table, dimensions[i]);
        }
        int32(table, code(type));
        int64(table, data.size());
        data.writeBytes(raw);
        pad(data);
        tensorCount++;
        return this;
    }

    /** A float32 tensor. */
    public GgufBytes tensor(String name, float[] values, long... dimensions) {
        ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return tensor(name, GgufType.F32, raw.array(), dimensions);
    }

    private static int code(GgufType type) {
        for (int code = 0; ; code++) {
            if (GgufType.of(code).equals(java.util.Optional.of(type))) {
                return code;
            }
        }
    }

    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        int32(out, 3);
        int64(out, tensorCount);
        int64(out, pairCount);
        out.writeBytes(pairs.toByteArray());
        out.writeBytes(table.toByteArray());
        pad(out);
        out.writeBytes(data.toByteArray());
        return out.toByteArray();
    }

    public Path write(Path file) {
        try {
            return Files.write(file, bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pad(ByteArrayOutputStream out) {
        while (out.size() % ALIGNMENT != 0) {
            out.write(0);
        }
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int64(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void int32(ByteArrayOutputStream out, int value) {
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    private static void int64(ByteArrayOutputStream out, long value) {
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }
}
