package ai.preceptor.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatArraysTest {
    private static final float[] EXPECTED = {1, 2, 4};

    @Test
    void assertClose_withinTheTolerance_passes() {
        assertThatCode(() -> FloatArrays.assertClose("a", new float[] {1.5f, 2, 3.5f}, EXPECTED, 0.5))
                .doesNotThrowAnyException();
        assertThatCode(() -> FloatArrays.assertClose("b", EXPECTED, EXPECTED.clone(), 0))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(floats = {4.75f, 3.25f, Float.NaN, Float.POSITIVE_INFINITY})
    void assertClose_beyondTheTolerance_namesTheNumber(float last) {
        assertThatThrownBy(() -> FloatArrays.assertClose("slope", new float[] {1, 2, last}, EXPECTED, 0.5))
                .isInstanceOf(AssertionError.class)
                .hasMessage("slope: number 2 is " + last + ", expected 4.0 within 0.5");
    }

    @Test
    void assertClose_expectedNaN_fails() {
        float[] none = {Float.NaN};
        assertThatThrownBy(() -> FloatArrays.assertClose("c", none, none, 1)).isInstanceOf(AssertionError.class);
    }

    @Test
    void assertClose_otherLength_fails() {
        assertThatThrownBy(() -> FloatArrays.assertClose("d", new float[2], EXPECTED, 9))
                .isInstanceOf(AssertionError.class)
                .hasMessage("d: 2 numbers, expected 3");
    }
}
