package ai.preceptor.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LanesTest {
    private static float value(jdk.incubator.vector.FloatVector vector) {
        return vector.lane(0);
    }

    @Test
    void exp_isWithinAFewUnits() {
        for (float x = -86; x < 87; x += 0.0371f) {
            assertThat(value(Lanes.exp(Lanes.all(x))) / Math.exp(x)).isCloseTo(1, within(3e-7));
        }
        assertThat(value(Lanes.expOrZero(Lanes.all(Float.NEGATIVE_INFINITY)))).isZero();
    }

    @Test
    void sums_areThoseOfFloat64() {
        float[] x = new float[160];
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.sin(i);
            sum += x[i];
            squares += i < 157 ? (double) x[i] * x[i] : 0;
        }
        assertThat(Lanes.sum(x, 0, 160)).isCloseTo((float) sum, within(1e-5f));
        assertThat(Lanes.sumOfSquares(x, 0, 157)).isCloseTo((float) squares, within(1e-4f));
    }

    @Test
    void max_findsTheLargestAndWhatIsNoNumber() {
        float[] x = new float[37];
        x[36] = 2;
        assertThat(Lanes.max(x, 0, 37)).isEqualTo(2);
        x[5] = Float.NaN;
        assertThat(Lanes.max(x, 0, 37)).isNaN();
    }

    @ParameterizedTest
    @EnumSource
    void activation_isThatOfFloat64(Activation activation) {
        for (float x = -9; x < 9; x += 0.0713f) {
            double expected = switch (activation) {
                case SILU -> x / (1 + Math.exp(-x));
                case GELU -> x * (0.5 + normal(x));
                case GELU_TANH -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
                case RELU -> Math.max(x, 0);
            };
            assertThat((double) value(activation.apply(Lanes.all(x)))).isCloseTo(expected, within(2e-6));
        }
    }

    /** The integral of the normal density from 0 to x, by Simpson's rule. */
    private static double normal(double x) {
        int n = 400;
        double sum = 0;
        for (int i = 0; i <= n; i++) {
            double t = x * i / n;
            int weight = i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.exp(-t * t / 2);
        }
        return sum * x / n / 3 / Math.sqrt(2 * Math.PI);
    }
}
