package ai.preceptor.train.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.model.SyncedReference;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncedReferenceTest {

    private static StepMetrics step(int number) {
        return new StepMetrics(number, 10, 1, 1, 1, 1, 1, 1, Map.of());
    }

    private static LanguageModel tiny(Torch torch, long seed) {
        try (LanguageModel golden = LanguageModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.FROZEN)) {
            return LanguageModel.initialise(torch, golden.config(), LoadOptions.FROZEN, seed);
        }
    }

    private static float first(LanguageModel model) {
        return model.parameters().blocks().get(0).values().toFloatArray()[0];
    }

    @Test
    void onStep_mixesEverySoManySteps() {
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel policy = tiny(torch, 1);
                LanguageModel reference = tiny(torch, 2)) {
            float before = first(reference);
            SyncedReference<String> synced = new SyncedReference<>(reference, policy, 0.75, 3);
            synced.onStep(step(1));
            synced.onStep(step(2));
            assertThat(first(reference)).isEqualTo(before);
            synced.onStep(step(3));
            assertThat(first(reference)).isCloseTo(0.75f * first(policy) + 0.25f * before, within(1e-7f));
        }
    }

    @Test
    void loadState_takesTheMixedWeightsBack(@TempDir Path checkpoint) {
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel policy = tiny(torch, 1);
                LanguageModel reference = tiny(torch, 2);
                LanguageModel other = tiny(torch, 3)) {
            SyncedReference<String> synced = new SyncedReference<>(reference, policy, 0.5, 1);
            synced.onStep(step(1));
            synced.saveState(checkpoint);
            new SyncedReference<String>(other, policy, 0.5, 1).loadState(checkpoint);
            assertThat(first(other)).isEqualTo(first(reference));
        }
    }

    @Test
    void constructor_refusesImpossibleNumbers() {
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel policy = tiny(torch, 1)) {
            assertThatThrownBy(() -> new SyncedReference<String>(policy, policy, 1.5, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ref_model_mixup_alpha: 1.5");
            assertThatThrownBy(() -> new SyncedReference<String>(policy, policy, 0.5, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ref_model_sync_steps: 0");
        }
    }
}
