package ai.preceptor.lm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GenerationLimitsTest {
    @Test
    void blocks_areWhatTheBudgetHolds_atLeastOne() {
        GenerationLimits limits = new GenerationLimits(8, 1000, 64);
        assertThat(limits.blocks(300)).isEqualTo(3);
        assertThat(limits.blocks(5000)).isEqualTo(1);
    }

    @Test
    void new_notPositive_isRefused() {
        assertThatThrownBy(() -> new GenerationLimits(1, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 bytes of cache");
    }
}
