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

    private enum Choice implements NamedChoice {
        TOP_K,
        K3_PLUS;

        @Override
        public String choiceName() {
            return this == K3_PLUS ? "k3+" : "top-k";
        }
    }

    private enum Plain {
        TOP_K
    }

    @Test
    void of_constants_areLowerCaseOrTheirOwn() {
        assertThat(KeyName.of(Plain.TOP_K)).isEqualTo("top_k");
        assertThat(KeyName.of(Choice.TOP_K)).isEqualTo("top-k");
        assertThat(KeyName.of(Choice.K3_PLUS)).isEqualTo("k3+");
    }
}
