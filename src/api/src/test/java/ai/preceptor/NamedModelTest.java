package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.testkit.Golden;
import org.junit.jupiter.api.Test;

/** Models by a text: a path, or a name on the Hub; what the Hub gives is tested where it is. */
class NamedModelTest {
    @Test
    void text_ofADirectory_isThatDirectory() {
        String model = Golden.dir("tiny-chat").toString();
        try (Preceptor preceptor = Preceptor.open("cpu", 1)) {
            try (Student named = preceptor.student(model, new LoadOptions(Precision.FLOAT32, false));
                    RewardModel rewards = preceptor.rewardModel(model)) {
                assertThat(named).isNotNull();
                assertThat(rewards).isNotNull();
            }
        }
    }

    @Test
    void text_thatIsNeitherPathNorName_isRefused() {
        try (Preceptor preceptor = Preceptor.open("cpu", 1)) {
            assertThatThrownBy(() -> preceptor.student("no model of that name"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("is neither a local path that exists nor the name of a model (org/name");
            assertThatThrownBy(() -> preceptor.rewardModel("nowhere/at/all"))
                    .isInstanceOf(ConfigurationException.class);
        }
    }
}
