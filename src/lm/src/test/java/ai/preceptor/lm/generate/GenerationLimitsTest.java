package ai.preceptor.lm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GenerationLimitsTest {
    @Test
    void rows_areTheLeastOfBudgetLimitAndSamples() {
        GenerationLimits limits = new GenerationLimits(8, 1000, 64);
        assertThat(limits.rows(200, 100)).as("five fit").isEqualTo(5);
        assertThat(limits.rows(10, 100)).as("eight are allowed").isEqualTo(8);
        assertThat(limits.rows(10, 3)).as("three are wanted").isEqualTo(3);
        assertThat(limits.rows(5000, 3)).as("one row is always allowed").isEqualTo(1);
    }

    @Test
    void new_notPositive_isRefused() {
        assertThatThrownBy(() -> new GenerationLimits(1, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 bytes of cache");
    }
}
