package ai.preceptor.formats.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FloatFormatTest {
    /** Values by hand: exact ones, ties to even both ways, the largest, overflow, subnormals and their ties. */
    @ParameterizedTest
    @CsvSource({
        "1.0, 3c00",
        "-2.0, c000",
        "0.0, 0000",
        "-0.0, 8000",
        "65504.0, 7bff",
        "65519.99, 7bff",
        "65520.0, 7c00",
        "1e10, 7c00",
        "-1e10, fc00",
        "Infinity, 7c00",
        "NaN, 7e00",
        "1.00048828125, 3c00", // 1 + 2^-11, halfway to 1 + 2^-10: to even, down
        "1.00146484375, 3c02", // 1 + 3 * 2^-11, halfway: to even, up
        "6.103515625e-05, 0400", // 2^-14, the smallest normal
        "5.9604644775390625e-08, 0001", // 2^-24, the smallest
        "2.9802322387695312e-08, 0000", // 2^-25, halfway to it: to even
        "8.940696716308594e-08, 0002", // 3 * 2^-25, halfway: to even, up
        "1e-30, 0000"
    })
    void float16_byHand(float value, String bits) {
        assertThat(FloatFormat.toFloat16(value)).isEqualTo((short) Integer.parseInt(bits, 16));
    }

    @ParameterizedTest
    @CsvSource({
        "1.0, 3f80",
        "-2.0, c000",
        "1.00390625, 3f80", // 1 + 2^-8, halfway to 1 + 2^-7: to even, down
        "1.01171875, 3f82", // 1 + 3 * 2^-8, halfway: to even, up
        "1.0039064, 3f81", // just above halfway
        "3.4028235e38, 7f80", // the largest float rounds to infinity
        "-Infinity, ff80",
        "NaN, 7fc0"
    })
    void bfloat16_byHand(float value, String bits) {
        assertThat(FloatFormat.toBfloat16(value)).isEqualTo((short) Integer.parseInt(bits, 16));
    }

    @Test
    void decodeThenEncode_everyHalfAndBrain_isTheSame() {
        for (FloatFormat format : new FloatFormat[] {FloatFormat.F16, FloatFormat.BF16}) {
            ByteBuffer all = ByteBuffer.allocate(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < 1 << 16; i++) {
                all.putShort(2 * i, (short) i);
            }
            float[] values = new float[1 << 16];
            format.decode(all, values, 0, values.length);
            ByteBuffer back = ByteBuffer.allocate(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
            format.encode(FloatBuffer.wrap(values), back);
            for (int i = 0; i < 1 << 16; i++) {
                if (!Float.isNaN(values[i])) {
                    assertThat(back.getShort(2 * i)).as("%s %04x", format, i).isEqualTo((short) i);
                }
            }
        }
    }

    @Test
    void float16_betweenNeighbours_takesTheNearest() {
        for (int i = 0; i < 0x7bff; i++) {
            float low = FloatFormat.fromFloat16((short) i);
            float high = FloatFormat.fromFloat16((short) (i + 1));
            float middle = (low + high) / 2;
            assertThat(FloatFormat.toFloat16(Math.nextDown(middle))).isEqualTo((short) i);
            assertThat(FloatFormat.toFloat16(Math.nextUp(middle))).isEqualTo((short) (i + 1));
            assertThat(FloatFormat.toFloat16(middle)).isEqualTo((short) (i + (i & 1)));
        }
    }

    @ParameterizedTest
    @EnumSource(FloatFormat.class)
    void encode_atAPosition_writesThereAndLeavesIt(FloatFormat format) {
        int size = format.dtype().size();
        ByteBuffer buffer =
                ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN).position(size);
        format.encode(FloatBuffer.wrap(new float[] {1.5f, -3f}), buffer);
        assertThat(buffer.position()).isEqualTo(size);
        float[] values = new float[4];
        format.decode(buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN), values, 1, 2);
        assertThat(values).containsExactly(0, 1.5f, -3f, 0);
        assertThat(FloatFormat.of(format.dtype())).contains(format);
        assertThat(FloatFormat.of(DType.I64)).isEmpty();
    }
}
