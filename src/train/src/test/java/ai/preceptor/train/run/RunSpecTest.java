package ai.preceptor.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RunSpecTest {
    private static final RunSpec SPEC = new RunSpec("", Map.of(), false, 0);

    @Test
    void differences_nameBothValues_inOrder() {
        assertThat(SPEC.differences(Map.of("seed", "1", "beta", "2"), Map.of("seed", "2", "beta", "3")))
                .isEqualTo("beta: was 2, is 3; seed: was 1, is 2");
    }

    @Test
    void differences_aKeyLeftOut_isAsOneThatWasNotThereYet() {
        assertThat(SPEC.differences(Map.of("seed", "1"), Map.of("seed", "1", "new_key", "null")))
                .isEmpty();
        assertThat(SPEC.differences(Map.of("seed", "1"), Map.of("seed", "1", "new_key", "5")))
                .isEqualTo("new_key: was null, is 5");
    }

    /** An upgrade brought the key: what the run was begun with is its default. */
    @Test
    void differences_aKeyThatWasNotThereYet_wasAtItsDefault() {
        RunSpec spec = SPEC.withDefaults(Map.of("new_key", "5"));
        assertThat(spec.differences(Map.of("seed", "1"), Map.of("seed", "1", "new_key", "5")))
                .isEmpty();
        assertThat(spec.differences(Map.of("seed", "1"), Map.of("seed", "1", "new_key", "6")))
                .isEqualTo("new_key: was 5, is 6");
        assertThat(spec.differences(Map.of("new_key", "null"), Map.of("new_key", "5")))
                .isEqualTo("new_key: was null, is 5");
    }

    /** An upgrade lets it change on resume; one that is unknown now still tells runs apart. */
    @Test
    void differences_aKeyThatIdentifiesNoLonger_doesNotCount() {
        RunSpec spec = SPEC.withDefaults(Map.of("limit", "10"));
        assertThat(spec.differences(Map.of("seed", "1", "limit", "2"), Map.of("seed", "1")))
                .isEmpty();
        assertThat(spec.differences(Map.of("seed", "1", "gone", "2"), Map.of("seed", "1")))
                .isEqualTo("gone: was 2, is null");
    }

    /** A recipe's directory may be moved; earlier versions wrote where it was. */
    @Test
    void differences_placeInTheRecipe_isTheWholePathOfAnEarlierVersion() {
        String now = "[stage:dpo/model, stage:seed-1/rloo/model, /m]";
        assertThat(SPEC.differences(Map.of("model", "[/r/dpo/model, /r/seed-1/rloo/model, /m]"), Map.of("model", now)))
                .isEmpty();
        assertThat(SPEC.differences(Map.of("model", now), Map.of("model", now))).isEmpty();
        assertThat(SPEC.differences(Map.of("model", "r/dpo/model"), Map.of("model", "[stage:dpo/model]")))
                .isEmpty();
        assertThat(SPEC.differences(Map.of("model", "/r/sft/model"), Map.of("model", "stage:dpo/model")))
                .isEqualTo("model: was /r/sft/model, is stage:dpo/model");
        assertThat(SPEC.differences(Map.of("model", "stage:dpo/model"), Map.of("model", "/r/dpo/model")))
                .isNotEmpty();
    }

    /** Some keys took one value before they took several. */
    @Test
    void differences_listOfOneValue_isThatValue() {
        assertThat(SPEC.differences(Map.of("model", "a"), Map.of("model", "[a]")))
                .isEmpty();
        assertThat(SPEC.differences(Map.of("model", "[a]"), Map.of("model", "a")))
                .isEmpty();
        assertThat(SPEC.differences(Map.of("model", "a"), Map.of("model", "[a, b]")))
                .isEqualTo("model: was a, is [a, b]");
    }
}
