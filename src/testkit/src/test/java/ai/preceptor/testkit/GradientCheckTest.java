package ai.preceptor.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GradientCheckTest {

    private final GradientCheck check = new GradientCheck(1e-4, 1e-6);

    private static double square(double[] x) {
        return x[0] * x[0] + 3 * x[1];
    }

    @Test
    void verify_rightGradient_passes() {
        assertThatCode(() ->
                        check.verify("square", GradientCheckTest::square, new double[] {2, 5}, new double[] {4, 3}))
                .doesNotThrowAnyException();
    }

    @Test
    void verify_wrongOrMissingOrUndefinedDerivative_fails() {
        double[] point = {2, 5};
        assertThatThrownBy(() -> check.verify("square", GradientCheckTest::square, point, new double[] {4, 3.001}))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("input 1");
        assertThatThrownBy(() -> check.verify("square", GradientCheckTest::square, point, new double[] {4}))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> check.verify("square", GradientCheckTest::square, point, new double[] {4, Double.NaN}))
                .isInstanceOf(AssertionError.class);
    }
}
