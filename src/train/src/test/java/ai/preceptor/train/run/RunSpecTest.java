package ai.preceptor.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RunSpecTest {
    @Test
    void differences_nameBothValues_inOrder() {
        assertThat(RunSpec.differences(Map.of("seed", "1", "beta", "2"), Map.of("seed", "2", "beta", "3")))
                .isEqualTo("beta: was 2, is 3; seed: was 1, is 2");
    }

    @Test
    void differences_aKeyLeftOut_isAsOneThatWasNotThereYet() {
        assertThat(RunSpec.differences(Map.of("seed", "1"), Map.of("seed", "1", "new_key", "null")))
                .isEmpty();
        assertThat(RunSpec.differences(Map.of("seed", "1"), Map.of("seed", "1", "new_key", "5")))
                .isEqualTo("new_key: was null, is 5");
    }
}
