package ai.preceptor.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackedMatrixTest {
    private static final int OUTPUTS = 75;
    private static final int INPUTS = 41;
    private static final int ROWS = 64;

    private final Random random = new Random(1);

    private float[] numbers(int n) {
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private static PackedMatrix matrix(WeightType type, float[] weights) {
        return PackedMatrix.of(
                type, OUTPUTS, INPUTS, (output, row) -> System.arraycopy(weights, output * INPUTS, row, 0, INPUTS));
    }

    /** A weight as the type stores it. */
    private static double stored(WeightType type, float[] weights, int output, int input) {
        float weight = weights[output * INPUTS + input];
        return switch (type) {
            case FLOAT32 -> weight;
            case BFLOAT16 -> Float.intBitsToFloat(PackedMatrix.bfloat16(weight));
            case INT8 -> {
                float[] row = Arrays.copyOfRange(weights, output * INPUTS, (output + 1) * INPUTS);
                float most = PackedMatrix.magnitude(row, INPUTS);
                yield Math.round(weight / most * 127) * (double) (most / 127);
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void multiply_isTheProductInFloat64(WeightType type) {
        float[] weights = numbers(OUTPUTS * INPUTS);
        float[] x = numbers(ROWS * INPUTS);
        float[] y = matrix(type, weights).multiply(x, ROWS);
        for (int row = 0; row < ROWS; row++) {
            for (int output = 0; output < OUTPUTS; output++) {
                double exact = 0;
                double size = 0;
                for (int k = 0; k < INPUTS; k++) {
                    double product = x[row * INPUTS + k] * stored(type, weights, output, k);
                    exact += product;
                    size += Math.abs(product);
                }
                assertThat(Math.abs(y[row * OUTPUTS + output] - exact)).isLessThan(size * 1e-6);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void multiply_anyNumberOfRowsAtAnyPlace_hasTheSameBits(WeightType type) {
        float[] x = numbers(ROWS * INPUTS);
        PackedMatrix matrix = matrix(type, numbers(OUTPUTS * INPUTS));
        float[] all = matrix.multiply(x, ROWS);
        for (int rows = 1; rows < ROWS; rows++) {
            int from = ROWS - rows;
            float[] some = matrix.multiply(Arrays.copyOfRange(x, from * INPUTS, ROWS * INPUTS), rows);
            assertThat(some).as("%d rows", rows).isEqualTo(Arrays.copyOfRange(all, from * OUTPUTS, ROWS * OUTPUTS));
        }
    }

    @ParameterizedTest
    @EnumSource
    void multiply_interpretedAndCompiled_hasTheSameBits(WeightType type) {
        float[] x = numbers(ROWS * INPUTS);
        PackedMatrix matrix = matrix(type, numbers(OUTPUTS * INPUTS));
        float[] first = matrix.multiply(x, ROWS);
        for (int i = 0; i < 2000; i++) {
            matrix.multiply(x, ROWS);
        }
        assertThat(matrix.multiply(x, ROWS)).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource
    void multiply_inParts_hasTheSameBits(WeightType type) {
        float[] x = numbers(8 * INPUTS);
        PackedMatrix matrix = matrix(type, numbers(OUTPUTS * INPUTS));
        float[] packed = new float[8 * matrix.width()];
        for (int row = 0; row < 8; row++) {
            matrix.pack(x, row * INPUTS, packed, row, 8);
        }
        float[] whole = new float[8 * matrix.stride()];
        matrix.multiply(packed, 8, whole, 0, 1);
        float[] parts = new float[8 * matrix.stride()];
        for (int part = 0; part < 3; part++) {
            matrix.multiply(packed, 8, parts, part, 3);
        }
        assertThat(parts).isEqualTo(whole);
    }

    @ParameterizedTest
    @EnumSource
    void fill_again_forgetsTheFirstWeights(WeightType type) {
        float[] second = numbers(OUTPUTS * INPUTS);
        float[] x = numbers(INPUTS);
        PackedMatrix matrix = matrix(type, numbers(OUTPUTS * INPUTS));
        matrix.fill((output, row) -> System.arraycopy(second, output * INPUTS, row, 0, INPUTS), 0, 1);
        assertThat(matrix.multiply(x, 1)).isEqualTo(matrix(type, second).multiply(x, 1));
    }

    @ParameterizedTest
    @EnumSource
    void multiply_weightThatIsNoNumber_shows(WeightType type) {
        float[] weights = numbers(OUTPUTS * INPUTS);
        weights[3 * INPUTS + 5] = Float.NaN;
        float[] y = matrix(type, weights).multiply(numbers(INPUTS), 1);
        assertThat(y[3]).isNaN();
        assertThat(y[4]).isFinite();
    }

    @Test
    void bfloat16_roundsToTheNearestEven() {
        assertThat(Float.intBitsToFloat(PackedMatrix.bfloat16(1 + 0x1p-8f))).isEqualTo(1f);
        assertThat(Float.intBitsToFloat(PackedMatrix.bfloat16(1 + 0x3p-8f))).isEqualTo(1 + 0x4p-8f);
        assertThat(Float.intBitsToFloat(PackedMatrix.bfloat16(-1.005f))).isEqualTo(-1.0078125f);
        assertThat(Float.intBitsToFloat(PackedMatrix.bfloat16(Float.NaN))).isNaN();
    }
}
