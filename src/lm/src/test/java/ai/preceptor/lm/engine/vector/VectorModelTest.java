package ai.preceptor.lm.engine.vector;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import org.junit.jupiter.api.Test;

class VectorModelTest {
    @Test
    void requireHeap_weightsThatCannotFit_areRefusedByTheirKey() {
        assertThatCode(() -> VectorModel.requireHeap(700, 1000)).doesNotThrowAnyException();
        assertThatThrownBy(() -> VectorModel.requireHeap(900, 1000))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("rollout_dtype: packed weights take 900 bytes")
                .hasMessageContaining("-Xmx");
    }
}
