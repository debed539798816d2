package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.lm.optim.AdamW;
import ai.preceptor.lm.optim.AdamWOptions;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bfloat16 may change, and what it saves. */
class PrecisionTest {
    @TempDir
    private Path folder;

    @Test
    void logprobs_inBfloat16_areNearThoseInFloat32() throws IOException {
        try (Torch torch = Torch.open("cpu", 1)) {
            Path directory = RandomModel.write(torch, folder.resolve("model"), true);
            try (LanguageModel exact = LanguageModel.load(torch, directory, LoadOptions.FROZEN);
                    LanguageModel rounded =
                            LanguageModel.load(torch, directory, new LoadOptions(Precision.BFLOAT16, false))) {
                float[] want = exact.logprobs(RandomModel.batch());
                float[] got = rounded.logprobs(RandomModel.batch());
                double sum = 0;
                for (int i = 0; i < want.length; i++) {
                    sum += Math.abs(want[i] - got[i]);
                }
                assertThat(sum / want.length).isPositive().isLessThan(0.05);
            }
        }
    }

    /** Updates far below a bfloat16 number's last digit show at once, as those of float32 do, and nothing differs before them. */
    @Test
    void steps_withForwardPassesInFloat32_moveLogprobsAsInFloat32() throws IOException {
        LoadOptions mixed = new LoadOptions(Precision.BFLOAT16, true).withForward(Precision.FLOAT32);
        try (Torch torch = Torch.open("cpu", 1)) {
            Path directory = RandomModel.write(torch, folder.resolve("model"), true);
            try (LanguageModel frozen = LanguageModel.load(torch, directory, LoadOptions.FROZEN);
                    LanguageModel exact = LanguageModel.load(torch, directory, LoadOptions.TRAINED);
                    LanguageModel found = LanguageModel.load(torch, directory, mixed);
                    LanguageModel again = LanguageModel.load(torch, directory, mixed)) {
                float[] before = frozen.logprobs(RandomModel.batch());
                assertThat(found.parameters().forwardPrecision()).isEqualTo(Precision.FLOAT32);
                assertThat(found.logprobs(RandomModel.batch())).containsExactly(before);
                assertThat(found.fingerprint()).isEqualTo(frozen.fingerprint());
                step(exact);
                step(found);
                float[] want = exact.logprobs(RandomModel.batch());
                float[] got = found.logprobs(RandomModel.batch());
                double moved = 0;
                double error = 0;
                for (int i = 0; i < want.length; i++) {
                    moved += Math.abs(want[i] - before[i]);
                    error += Math.abs(want[i] - got[i]);
                }
                assertThat(error).isLessThan(0.05 * moved);
                found.save(Files.createDirectory(folder.resolve("moved")));
                again.restore(folder.resolve("moved"));
                assertThat(again.logprobs(RandomModel.batch())).containsExactly(got);
                step(found);
                step(again);
                assertThat(again.logprobs(RandomModel.batch()))
                        .containsExactly(found.logprobs(RandomModel.batch()))
                        .isNotEqualTo(got);
            }
        }
    }

    private static void step(LanguageModel model) {
        float[] slopes = new float[RandomModel.batch().targets().length];
        Arrays.fill(slopes, -1);
        try (ForwardPass pass = model.forward(RandomModel.batch());
                AdamW optimizer = new AdamW(model.parameters(), AdamWOptions.DEFAULT)) {
            pass.backward(slopes);
            optimizer.step(1e-6, 0);
        }
    }

    @Test
    void forward_lessExactThanTheRest_isRefused() {
        assertThatThrownBy(() -> LoadOptions.TRAINED.withForward(Precision.BFLOAT16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("forward: BFLOAT16, must be FLOAT32");
        assertThatThrownBy(() -> new LoadOptions(Precision.BFLOAT16, false).withForward(Precision.FLOAT32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("forward: FLOAT32, must be BFLOAT16 in a frozen model");
    }

    @Test
    void forward_exacterThanAnAdaptersBase_isRefused() throws IOException {
        try (Torch torch = Torch.open("cpu", 1)) {
            Path directory = RandomModel.write(torch, folder.resolve("model"), true);
            LoadOptions adapted = new LoadOptions(Precision.BFLOAT16, true)
                    .withForward(Precision.FLOAT32)
                    .withLora(LoraConfig.of(2, 4), 1);
            assertThatThrownBy(() -> LanguageModel.load(torch, directory, adapted))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("forward_dtype: received FLOAT32, expected BFLOAT16 with an adapter");
        }
    }

    @Test
    void frozenWeights_inBfloat16_haveNoMaster_normsStayFloat32() throws IOException {
        try (Torch torch = Torch.open("cpu", 1)) {
            Path directory = RandomModel.write(torch, folder.resolve("model"), true);
            LoadOptions adapted = new LoadOptions(Precision.BFLOAT16, true).withLora(LoraConfig.of(2, 4), 1);
            try (LanguageModel model = LanguageModel.load(torch, directory, adapted)) {
                for (Parameter block : model.parameters().blocks()) {
                    assertThat(block.isTrainable()).isFalse();
                    assertThat(block.hasCopy()).isFalse();
                }
                assertThat(model.parameters().trained()).isNotEmpty().allMatch(Parameter::hasCopy);
            }
        }
    }
}
