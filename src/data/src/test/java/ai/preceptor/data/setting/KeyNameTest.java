package ai.preceptor.data.setting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyNameTest {
    @Test
    void of_names_followTrl() {
        assertThat(KeyName.of("numTrainEpochs")).isEqualTo("num_train_epochs");
        assertThat(KeyName.of("topP")).isEqualTo("top_p");
        assertThat(KeyName.of("adamBeta1")).isEqualTo("adam_beta1");
    }
}
