package ai.preceptor.vector;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WarmUpTest {
    @ParameterizedTest
    @EnumSource(WeightType.class)
    void run_everyType_stepsOfEightRowsAndOfOne(WeightType type) {
        for (Activation activation : Activation.values()) {
            assertThatCode(() -> WarmUp.run(type, activation, 2)).doesNotThrowAnyException();
        }
    }
}
