package ai.preceptor.lm.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import org.junit.jupiter.api.Test;

class VectorModelTest {
    @Test
    void blocks_heapBesideWeights_boundsThem() {
        assertThat(VectorModel.blocks(1, 5, 700, 10, 1000)).isEqualTo(5);
        assertThat(VectorModel.blocks(1, 50, 700, 10, 1000)).isEqualTo(10);
    }

    @Test
    void blocks_weightsThatCannotFit_areRefusedByTheirKey() {
        assertThatThrownBy(() -> VectorModel.blocks(2, 5, 795, 10, 1000))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("rollout_dtype: packed weights, and keys and values, take 815 bytes")
                .hasMessageContaining("-Xmx");
    }
}
