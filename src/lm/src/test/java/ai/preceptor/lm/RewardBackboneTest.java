package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RewardBackboneTest {
    private static final Path MODEL = Golden.dir("models/llama-reward");

    /** A judge keeps no float32 masters of its matrices, yet rewards as the model that was trained. */
    @Test
    void rewards_frozenInBfloat16_equalTheTrainedOnes() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {3, 14, 15, 9, 26});
        PackedBatch batch =
                builder.answer(new int[] {5, 35, 8}).answer(new int[] {97, 9}).build();
        try (Torch torch = Torch.open("cpu", 1);
                RewardBackbone exact = load(torch, Precision.FLOAT32, false);
                RewardBackbone trained = load(torch, Precision.BFLOAT16, true);
                RewardBackbone frozen = load(torch, Precision.BFLOAT16, false)) {
            float[] rewards = frozen.rewards(batch);
            assertThat(rewards).containsExactly(trained.rewards(batch));
            assertThat(rewards).containsExactly(exact.rewards(batch), within(0.05f));
        }
    }

    private static RewardBackbone load(Torch torch, Precision precision, boolean trainable) {
        return RewardBackbone.load(torch, MODEL, new LoadOptions(precision, trainable), HeadInit.ZEROS, 0);
    }
}
