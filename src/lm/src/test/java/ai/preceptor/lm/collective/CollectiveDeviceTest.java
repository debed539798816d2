package ai.preceptor.lm.collective;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import org.junit.jupiter.api.Test;

class CollectiveDeviceTest {
    @Test
    void requireProcessor_ofACudaDevice_isRefusedByItsKey() {
        assertThatThrownBy(() -> TorchCollective.requireProcessor("cuda:0"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("device: expected cpu with several learners, which exchange tensors of the processor only,"
                        + " found cuda:0");
        assertThatCode(() -> TorchCollective.requireProcessor("cpu")).doesNotThrowAnyException();
    }
}
