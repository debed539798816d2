package ai.preceptor.formats.weights;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The floating-point formats weights are stored in, to and from float32. Encoding rounds to the nearest value, ties to
 * even, overflows to infinity, and keeps NaN a (quiet) NaN: as PyTorch's casts do.
 */
public enum FloatFormat {
    F32(DType.F32, "float32") {
        @Override
        public void encode(FloatBuffer from, ByteBuffer to) {
            to.asFloatBuffer().put(from);
        }

        @Override
        public void decode(ByteBuffer from, float[] to, int at, int count) {
            from.asFloatBuffer().get(to, at, count);
        }
    },
    BF16(DType.BF16, "bfloat16") {
        @Override
        public void encode(FloatBuffer from, ByteBuffer to) {
            for (int index = 0; from.hasRemaining(); index += 2) {
                to.putShort(to.position() + index, toBfloat16(from.get()));
            }
        }

        @Override
        public void decode(ByteBuffer from, float[] to, int at, int count) {
            for (int i = 0; i < count; i++) {
                to[at + i] = Float.intBitsToFloat(from.getShort(from.position() + 2 * i) << 16);
            }
        }
    },
    F16(DType.F16, "float16") {
        @Override
        public void encode(FloatBuffer from, ByteBuffer to) {
            for (int index = 0; from.hasRemaining(); index += 2) {
                to.putShort(to.position() + index, toFloat16(from.get()));
            }
        }

        @Override
        public void decode(ByteBuffer from, float[] to, int at, int count) {
            for (int i = 0; i < count; i++) {
                to[at + i] = fromFloat16(from.getShort(from.position() + 2 * i));
            }
        }
    };

    private final DType dtype;
    private final String torchName;

    FloatFormat(DType dtype, String torchName) {
        this.dtype = dtype;
        this.torchName = torchName;
    }

    /** What PyTorch and {@code config.json} call it. */
    public String torchName() {
        return torchName;
    }

    /** The element type that stores this format. */
    public DType dtype() {
        return dtype;
    }

    /** The format of an element type, or empty when it is none of the three. */
    public static Optional<FloatFormat> of(DType dtype) {
        return Arrays.stream(values()).filter(format -> format.dtype == dtype).findFirst();
    }

    /**
     * Encodes all remaining floats at the buffer's position, in the buffer's byte order; its position does not move.
     *
     * @param from the values; read to its limit
     * @param to room for {@code from.remaining()} elements
     */
    public abstract void encode(FloatBuffer from, ByteBuffer to);

    /**
     * Decodes elements that start at the buffer's position, in the buffer's byte order; its position does not move.
     *
     * @param from holds at least {@code count} elements
     * @param to receives them from index {@code at} on
     */
    public abstract void decode(ByteBuffer from, float[] to, int at, int count);

    static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (((bits >>> 16) & 0x8000) | 0x7fc0);
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    static short toFloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude > 0x7f800000) {
            return (short) (sign | 0x7e00);
        }
        if (magnitude >= 0x47800000) { // 2^16 and above: infinity
            return (short) (sign | 0x7c00);
        }
        if (magnitude < 0x38800000) { // below 2^-14: a count of 2^-24, exact until rint rounds it
            return (short) (sign | (int) Math.rint(Float.intBitsToFloat(magnitude) * 0x1p24));
        }
        int rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1); // a carry past the largest gives infinity, rightly
        return (short) (sign | ((rounded - 0x38000000) >>> 13));
    }

    /** Widens the bits of a float16; exact. */
    public static float fromFloat16(short half) {
        int sign = (half & 0x8000) << 16;
        int magnitude = half & 0x7fff;
        if (magnitude < 0x400) {
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(magnitude * 0x1p-24f));
        }
        int exponent = magnitude >= 0x7c00 ? 0x70000000 : 0x38000000; // infinity and NaN stay so
        return Float.intBitsToFloat(sign | ((magnitude << 13) + exponent));
    }
}
